;;; eglot.el --- Run by .ci/editors in a copy of test-flakes/homelab  -*- lexical-binding: t -*-

(require 'cl-lib)
(require 'eglot)
(require 'flymake)
(require 'project)

;; nix-mode, as far as the server is concerned.
(unless (fboundp 'nix-mode)
  (define-derived-mode nix-mode prog-mode "Nix"))
(add-to-list 'auto-mode-alist '("\\.nix\\'" . nix-mode))

(defvar nixpact-root default-directory)
(add-hook 'project-find-functions (lambda (_) (cons 'transient nixpact-root)))
(setq eglot-sync-connect 60
      eglot-connect-timeout 60
      eglot-send-changes-idle-time 0
      eglot-confirm-server-initiated-edits nil)

(defun nixpact-wait (what condition)
  "Wait until CONDITION holds; WHAT is said otherwise."
  (let ((end (+ (float-time) 60)))
    (while (and (not (funcall condition)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (unless (funcall condition)
      (message "emacs: %s did not happen" what)
      (kill-emacs 1))))

(defun nixpact-codes ()
  "The findings of this buffer."
  (flymake-start)
  (mapconcat #'flymake-diagnostic-text (flymake-diagnostics) "\n"))

(defun nixpact-replace (old new)
  "Replace the first OLD in this buffer by NEW and tell the server."
  (goto-char (point-min))
  (search-forward old)
  (replace-match new t t)
  (goto-char (match-beginning 0))
  (eglot--signal-textDocument/didChange))

(defun nixpact-visit (file)
  "Visit FILE as a person does: what Eglot does after a command is done, too."
  (find-file (expand-file-name file nixpact-root))
  (nix-mode)
  (run-hooks 'post-command-hook))

(nixpact-visit "modules/server/media/immich/default.nix")
(nixpact-wait "a connection" (lambda () (ignore-errors (eglot-current-server))))
(defvar nixpact-other (current-buffer))
(nixpact-visit "modules/server/media/jellyfin/default.nix")
(nixpact-wait "the second document" (lambda () (ignore-errors (eglot-current-server))))

(defun nixpact-check (what condition)
  "Say WHAT is wrong unless CONDITION."
  (unless condition
    (message "emacs: %s" what)
    (kill-emacs 1)))

(defun nixpact-ask (method &rest more)
  "The answer to METHOD about this document, with MORE parameters."
  (append (jsonrpc-request (eglot-current-server) method
                           (append (list :textDocument (eglot--TextDocumentIdentifier)) more))
          nil))

;; What Eglot itself makes of the answers.
(with-current-buffer nixpact-other
  (let ((symbols (eglot-imenu)))
    (nixpact-check (format "imenu has %S" symbols) (assoc "Variable" symbols)))
  (goto-char (point-min))
  (search-forward "dependsOn = [\"postgr")
  (let ((found (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
    (nixpact-check (format "the definition is %S" found)
                   (and (= 1 (length found))
                        (string-match-p "data/postgresql" (format "%S" found)))))
  (let ((found (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))
    (nixpact-check (format "the references are %S" found) (> (length found) 3)))
  (let ((found (xref-backend-apropos 'eglot "jellyf")))
    (nixpact-check (format "the workspace has %S" found) (= 1 (length found))))
  (goto-char (point-min))
  (search-forward "serviceModules.imm")
  (let ((lights (nixpact-ask :textDocument/documentHighlight
                             :position (eglot--pos-to-lsp-position))))
    (nixpact-check (format "highlighted is %S" lights) (= 2 (length lights))))
  (let ((lenses (nixpact-ask :textDocument/codeLens)))
    (nixpact-check (format "the lenses are %S" lenses)
                   (string-match-p "^1 route" (plist-get (plist-get (car lenses) :command) :title))))
  (nixpact-check "nothing can be folded" (> (length (nixpact-ask :textDocument/foldingRange)) 8))
  (nixpact-check "there is no link" (nixpact-ask :textDocument/documentLink))
  (nixpact-replace "2283" "2000 + 283")
  (let ((hints (nixpact-ask :textDocument/inlayHint
                            :range (list :start (list :line 0 :character 0)
                                         :end (list :line 999 :character 0)))))
    (nixpact-check (format "the hints are %S" hints)
                   (equal "= 2283" (plist-get (car hints) :label))))
  (nixpact-replace "2000 + 283" "2283"))

;; Eglot watches the files itself; without a screen nobody hands it their events.
(defun nixpact-write (file text)
  "Write TEXT into FILE and tell the server."
  (let ((file (expand-file-name file nixpact-root)))
    (with-temp-file file (insert text))
    (jsonrpc-notify (eglot-current-server) :workspace/didChangeWatchedFiles
                    (list :changes (vector (list :uri (eglot--path-to-uri file) :type 2))))))

(nixpact-replace "8096" "6767")
(nixpact-wait "a conflict with a file that is not open"
              (lambda () (string-match-p "Port 6767 conflict" (nixpact-codes))))
(nixpact-check "it is an error" (eq 'eglot-error (flymake-diagnostic-type (car (flymake-diagnostics)))))
(nixpact-write "nixpact.toml" "[lints]\nduplicate-port = \"warn\"\n")
(nixpact-wait "the configuration"
              (lambda ()
                (nixpact-codes)
                (let ((found (car (flymake-diagnostics))))
                  (and found (eq 'eglot-warning (flymake-diagnostic-type found))))))
(nixpact-write "nixpact.toml" "")
(nixpact-replace "6767" "8096")
(nixpact-wait "the end of it" (lambda () (string-empty-p (nixpact-codes))))

;; A port that is taken, freed in the other file.
(nixpact-replace "8096" "2283")
(nixpact-wait "the conflict"
              (lambda () (string-match-p "Port 2283 conflict" (nixpact-codes))))
(with-current-buffer nixpact-other (nixpact-replace "2283" "2284"))
(nixpact-wait "the end of the conflict" (lambda () (string-empty-p (nixpact-codes))))
(with-current-buffer nixpact-other (nixpact-replace "2284" "2283"))
(nixpact-wait "the conflict again"
              (lambda () (string-match-p "Port 2283 conflict" (nixpact-codes))))

(goto-char (point-min))
(search-forward "port = 22")
(let* ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover
                               (eglot--TextDocumentPositionParams)))
       (text (plist-get (plist-get hover :contents) :value)))
  (unless (string-match-p "16 bit unsigned integer" text)
    (message "emacs: hover says %S" text)
    (kill-emacs 1)))

;; The action, as Eglot applies it.
(let* ((actions (append (jsonrpc-request
                         (eglot-current-server) :textDocument/codeAction
                         (list :textDocument (eglot--TextDocumentIdentifier)
                               :range (list :start (eglot--pos-to-lsp-position)
                                            :end (eglot--pos-to-lsp-position))
                               :context (list :diagnostics [])))
                        nil))
       (free (cl-find-if (lambda (it) (string-match-p "next free port" (plist-get it :title)))
                         actions)))
  (unless free
    (message "emacs: no action among %S" actions)
    (kill-emacs 1))
  (eglot--apply-workspace-edit (plist-get free :edit)))
(eglot--signal-textDocument/didChange)
(nixpact-wait "the end of the conflict by its action"
              (lambda () (string-empty-p (nixpact-codes))))

(eglot-shutdown (eglot-current-server))
(message "emacs: all is well")
(kill-emacs 0)
