-- Run by .ci/editors in a copy of test-flakes/homelab, after docs/src/editors/neovim.lua.
local jellyfin = "modules/server/media/jellyfin/default.nix"
local immich = "modules/server/media/immich/default.nix"

local function check(condition, message)
  if not condition then
    io.stderr:write("neovim: " .. message .. "\n")
    vim.cmd("cquit 1")
  end
end

local function wait(what, condition)
  check(vim.wait(60000, condition, 20), what .. " did not happen")
end

local function codes(buffer)
  local found = {}
  for _, it in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, it.code or it.user_data.lsp.code)
  end
  return table.concat(found, " ")
end

local function replace(buffer, old, new)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  for at, line in ipairs(lines) do
    local first, last = line:find(old, 1, true)
    if first then
      vim.api.nvim_buf_set_text(buffer, at - 1, first - 1, at - 1, last, { new })
      return at - 1, first - 1
    end
  end
  check(false, old .. " is not there")
end

local function ask(buffer, method, line, column, more)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = { line = line, character = column },
    range = {
      start = { line = line, character = column },
      ["end"] = { line = line, character = column },
    },
    context = { diagnostics = {}, includeDeclaration = true },
  }
  for key, value in pairs(more or {}) do
    params[key] = value
  end
  local answers = vim.lsp.buf_request_sync(buffer, method, params, 60000)
  for _, answer in pairs(answers or {}) do
    check(not answer.error, method .. ": " .. vim.inspect(answer.error))
    return answer.result
  end
  check(false, method .. " has no answer")
end

-- What Neovim itself shows of an answer.
local function shown(buffer, other, client)
  wait("the end of the progress", function()
    local _, progress = next(client.messages.progress)
    return progress and progress.done
  end)

  vim.api.nvim_set_current_buf(other)
  vim.fn.cursor(22, 21)
  vim.lsp.buf.document_highlight()
  local marks = vim.api.nvim_create_namespace("vim_lsp_references")
  wait("the highlight", function()
    return #vim.api.nvim_buf_get_extmarks(other, marks, 0, -1, {}) == 2
  end)

  vim.lsp.codelens.refresh()
  wait("the lens", function()
    return #vim.lsp.codelens.get(other) == 1
  end)
  local lens = vim.lsp.codelens.get(other)[1]
  check(lens.command.title:find("^1 route"), "lens: " .. vim.inspect(lens))
  local marks_of_lens = vim.api.nvim_get_namespaces()["vim_lsp_codelens:" .. client.id]
  wait("the text of the lens", function()
    return #vim.api.nvim_buf_get_extmarks(other, marks_of_lens, 0, -1, {}) == 1
  end)

  vim.lsp.buf.workspace_symbol("jellyf")
  wait("the symbol of the workspace", function()
    local found = vim.fn.getqflist()
    return #found == 1 and found[1].text:find("jellyfin", 1, true)
  end)
  vim.cmd("cclose")
  vim.lsp.buf.document_symbol()
  wait("the symbols of the document", function()
    return #vim.fn.getqflist() > 10
  end)
  vim.cmd("cclose")
  vim.fn.cursor(22, 21)
  vim.lsp.buf.references()
  wait("the references", function()
    local found = vim.fn.getqflist()
    return #found > 2 and #found < 10 and found[1].text:find("immich", 1, true)
  end)
  vim.cmd("cclose")

  vim.fn.search('dependsOn = \\["postgresql', "w")
  vim.fn.search("postgresql")
  vim.lsp.buf.definition()
  wait("the way to the definition", function()
    return vim.api.nvim_buf_get_name(0):find("data/postgresql/default.nix", 1, true)
  end)
  vim.api.nvim_set_current_buf(buffer)
end

-- What Neovim 0.7 does not ask for.
local function asked(buffer, other)
  local line, column = replace(other, "port = 2283", "port = 2000 + 283")
  local whole = { start = { line = 0, character = 0 }, ["end"] = { line = 999, character = 0 } }
  local hints = ask(other, "textDocument/inlayHint", line, column, { range = whole })
  check(#hints == 1 and hints[1].label == "= 2283", "hints: " .. vim.inspect(hints))
  replace(other, "port = 2000 + 283", "port = 2283")
  check(#ask(other, "textDocument/foldingRange", 0, 0) > 8, "nothing to fold")
  local links = ask(other, "textDocument/documentLink", 0, 0)
  check(#links > 0 and links[1].target:find("^file://"), "links: " .. vim.inspect(links))
end

-- A file on the disk and the configuration, of which this version of Neovim has to be made to tell.
local function disk(buffer, client)
  local function tell(path, text)
    local file = assert(io.open(path, "w"))
    file:write(text)
    file:close()
    local uri = vim.uri_from_fname(vim.fn.fnamemodify(path, ":p"))
    client.notify("workspace/didChangeWatchedFiles", { changes = { { uri = uri, type = 2 } } })
  end
  replace(buffer, "8096", "6767")
  wait("a conflict with a file that is not open", function()
    return codes(buffer) == "duplicate-port"
  end)
  check(vim.diagnostic.get(buffer)[1].severity == vim.diagnostic.severity.ERROR, "no error")
  tell("nixpact.toml", '[lints]\nduplicate-port = "warn"\n')
  wait("the configuration", function()
    local found = vim.diagnostic.get(buffer)[1]
    return found and found.severity == vim.diagnostic.severity.WARN
  end)
  os.remove("nixpact.toml")
  local path = "modules/server/arrs/bazarr/default.nix"
  local text = table.concat(vim.fn.readfile(path), "\n") .. "\n"
  tell(path, (text:gsub("6767", "6969")))
  wait("the file on the disk", function()
    return codes(buffer) == ""
  end)
  tell(path, text)
  replace(buffer, "6767", "8096")
  wait("the end of it", function()
    return codes(buffer) == ""
  end)
end

local function drive()
  vim.cmd("edit " .. immich)
  local other = vim.api.nvim_get_current_buf()
  vim.cmd("edit " .. jellyfin)
  local buffer = vim.api.nvim_get_current_buf()
  wait("the client", function()
    return #vim.tbl_values(vim.lsp.buf_get_clients(buffer)) == 1
  end)
  wait("the answer of the server", function()
    return vim.tbl_values(vim.lsp.buf_get_clients(buffer))[1].initialized
  end)

  local the_client = vim.tbl_values(vim.lsp.buf_get_clients(buffer))[1]
  shown(buffer, other, the_client)
  asked(buffer, other)
  disk(buffer, the_client)

  -- A port that is taken, freed in the other file.
  local line, column = replace(buffer, "8096", "2283")
  wait("the conflict", function()
    return codes(buffer) == "duplicate-port"
  end)
  local finding = vim.diagnostic.get(buffer)[1]
  check(finding.lnum == line and finding.col == column, "the conflict is elsewhere")
  replace(other, "2283", "2284")
  wait("the end of the conflict", function()
    return codes(buffer) == ""
  end)
  replace(other, "2284", "2283")
  wait("the conflict again", function()
    return codes(buffer) == "duplicate-port"
  end)

  local hover = ask(buffer, "textDocument/hover", line, column - 3)
  check(hover.contents.value:find("Also of: immich", 1, true), "hover: " .. vim.inspect(hover))

  local found = ask(buffer, "textDocument/completion", line, column, { context = { triggerKind = 1 } })
  check(#found.items > 0, "nothing to complete")

  -- The action, as Neovim applies it.
  local actions = ask(buffer, "textDocument/codeAction", line, column)
  local taken
  for _, action in ipairs(actions) do
    if action.kind == "quickfix" and action.title:find("next free port", 1, true) then
      taken = action
    end
  end
  check(taken, "no action: " .. vim.inspect(actions))
  local client = vim.tbl_values(vim.lsp.buf_get_clients(buffer))[1]
  vim.lsp.util.apply_workspace_edit(taken.edit, client.offset_encoding)
  wait("the end of the conflict by its action", function()
    return codes(buffer) == ""
  end)

  -- A rename over three files.
  local edit = ask(other, "textDocument/rename", 21, 20, { newName = "photos" })
  vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding)
  local text = table.concat(vim.api.nvim_buf_get_lines(other, 0, -1, false), "\n")
  check(text:find("serviceModules.photos = {", 1, true), "nothing is renamed")
  vim.cmd("wall!")
  print("neovim: all is well")
  vim.cmd("qall!")
end

local ok, problem = xpcall(drive, debug.traceback)
check(ok, tostring(problem))
