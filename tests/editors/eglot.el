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
