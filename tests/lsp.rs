//! The language server as a program: over standard input and output.
#![allow(clippy::disallowed_methods, reason = "the helpers of tests run programs and make files")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};
use support::{RIGHT, command};

struct Server {
    program: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

fn start(arguments: &[&str]) -> Server {
    let mut command = command();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.spawn().unwrap();
    let input = program.stdin.take().unwrap();
    let output = BufReader::new(program.stdout.take().unwrap());
    Server { program, input, output }
}

impl Server {
    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the server has ended");
            match line.trim() {
                "" => break,
                line => length = line.strip_prefix("Content-Length: ").unwrap().parse().unwrap(),
            }
        }
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn receive_until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.receive();
            if wanted(&message) {
                return message;
            }
        }
    }

    fn initialize(&mut self) {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(RIGHT);
        let uri = format!("file://{}", root.display());
        let params = json!({ "processId": null, "rootUri": uri, "capabilities": {} });
        self.send(json!({ "id": 1, "method": "initialize", "params": params }));
        let answer = self.receive_until(|message| message["id"] == 1);
        assert_eq!(answer["result"]["serverInfo"]["name"], "nixpact");
        self.send(json!({ "method": "initialized", "params": {} }));
    }

    fn status(mut self) -> i32 {
        drop(self.input);
        self.program.wait().unwrap().code().unwrap()
    }
}

#[test]
fn a_session() {
    let mut server = start(&["lsp"]);
    server.initialize();
    let path = format!("{}/{RIGHT}/hosts/Server/settings.nix", env!("CARGO_MANIFEST_DIR"));
    let uri = format!("file://{path}");
    let text = std::fs::read_to_string(&path).unwrap().replace("jellyfin.enable", "jellyfin.prt");
    let item = json!({ "uri": uri, "languageId": "nix", "version": 7, "text": text });
    server.send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": item } }));
    let found = server.receive_until(|message| message["params"]["version"] == 7);
    assert_eq!(found["params"]["diagnostics"][0]["code"], "unknown-field");
    server.send(json!({ "id": 2, "method": "shutdown" }));
    server.receive_until(|message| message["id"] == 2);
    server.send(json!({ "method": "exit" }));
    assert_eq!(server.status(), 0);
}

#[test]
fn a_client_that_goes_without_a_word() {
    let mut server = start(&["lsp", "--stdio"]);
    server.initialize();
    assert_eq!(server.status(), 2);
}

#[test]
fn what_is_no_message() {
    let mut server = start(&["lsp"]);
    server.initialize();
    server.input.write_all(b"Content-Length: 3\r\n\r\n{{{").unwrap();
    server.input.flush().unwrap();
    assert_eq!(server.status(), 2);
}
