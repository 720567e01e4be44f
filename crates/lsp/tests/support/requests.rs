//! What a client can ask for.

pub const REQUESTS: &[&str] = &[
    "codeAction/resolve",
    "codeLens/resolve",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/diagnostic",
    "textDocument/documentHighlight",
    "textDocument/documentLink",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/prepareRename",
    "textDocument/references",
    "textDocument/rename",
    "workspace/diagnostic",
    "workspace/executeCommand",
    "workspace/symbol",
];
