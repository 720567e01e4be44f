;; nixpact for Emacs with Eglot; nix-mode or nix-ts-mode says which files are meant.
(require 'eglot)

(add-to-list 'eglot-server-programs '((nix-mode nix-ts-mode) . ("nixpact" "lsp")))

(add-hook 'nix-mode-hook #'eglot-ensure)
(add-hook 'nix-ts-mode-hook #'eglot-ensure)
