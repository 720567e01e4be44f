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
