use nixpact_render::Format;
use snapbox::{assert_data_eq, str};

use crate::{COLORED, PLAIN, no_contract, port_conflict, rendered, sources, two_services};

#[test]
fn a_label_in_two_files_and_a_fix() {
    let sources = two_services();
    let diagnostics = [port_conflict(&sources), no_contract()];
    let json = rendered(Format::Json, COLORED, &sources, &diagnostics);
    assert!(json.ends_with("}\n"));
    assert_data_eq!(
        json,
        str![[r#"
{
  "version": 1,
  "summary": {
    "errors": 1,
    "warnings": 0,
    "notes": 1,
    "suppressed": 0,
    "files": 31,
    "services": 17,
    "hosts": 1,
    "values": {
      "known": 204,
      "unknown": 3,
      "reasons": {
        "condition": 1,
        "external": 2
      }
    }
  },
  "diagnostics": [
    {
      "lint": "duplicate-port",
      "severity": "error",
      "message": "Port 8080 conflict between 'jellyfin' and 'sonarr'",
      "host": "Server",
      "services": [
        "sonarr",
        "jellyfin"
      ],
      "primary": {
        "file": "modules/server/arrs/sonarr/default.nix",
        "label": "'sonarr' claims it here",
        "start": {
          "line": 4,
          "column": 12,
          "byte": 58
        },
        "end": {
          "line": 4,
          "column": 16,
          "byte": 62
        }
      },
      "secondary": [
        {
          "file": "modules/server/media/jellyfin/default.nix",
          "label": "'jellyfin' already has it",
          "start": {
            "line": 3,
            "column": 42,
            "byte": 52
          },
          "end": {
            "line": 3,
            "column": 46,
            "byte": 56
          }
        }
      ],
      "notes": [
        "Fix: qgroget.serviceModules.sonarr.port = 8081;"
      ],
      "fix": {
        "applicability": "unsafe",
        "edits": [
          {
            "file": "modules/server/arrs/sonarr/default.nix",
            "start": 58,
            "end": 62,
            "text": "8081"
          }
        ]
      }
    },
    {
      "lint": "no-contract",
      "severity": "note",
      "message": "No option declares a service contract",
      "host": null,
      "services": [],
      "primary": null,
      "secondary": [],
      "notes": [
        "Only the lints about Nix itself were run"
      ],
      "fix": null
    }
  ]
}

"#]]
    );
}

#[test]
fn no_findings() {
    assert_data_eq!(
        rendered(Format::Json, PLAIN, &sources(&[]), &[]),
        str![[r#"
{
  "version": 1,
  "summary": {
    "errors": 0,
    "warnings": 0,
    "notes": 0,
    "suppressed": 0,
    "files": 31,
    "services": 17,
    "hosts": 1,
    "values": {
      "known": 204,
      "unknown": 3,
      "reasons": {
        "condition": 1,
        "external": 2
      }
    }
  },
  "diagnostics": []
}

"#]]
    );
}
