-- nixpact for Neovim 0.7 and later, without plugins.
vim.filetype.add({ extension = { nix = "nix" } })

-- The repository to which a file belongs.
local function root(file)
  local directory = vim.fn.fnamemodify(file, ":p:h")
  for _, mark in ipairs({ "nixpact.toml", "flake.nix", "hive.nix" }) do
    local found = vim.fn.findfile(mark, directory .. ";")
    if found ~= "" then
      return vim.fn.fnamemodify(found, ":p:h")
    end
  end
end

local clients = {}

vim.api.nvim_create_autocmd("FileType", {
  pattern = "nix",
  callback = function(event)
    local directory = root(event.file)
    if not directory then
      return
    end
    clients[directory] = clients[directory]
      or vim.lsp.start_client({
        name = "nixpact",
        cmd = { "nixpact", "lsp" },
        root_dir = directory,
        workspace_folders = { { uri = vim.uri_from_fname(directory), name = directory } },
      })
    vim.lsp.buf_attach_client(event.buf, clients[directory])
  end,
})
