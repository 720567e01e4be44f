"""Runs action.yml as GitHub's runner would, as far as it goes: its shell steps in their order, on this checkout.

action.py DIR INPUT=VALUE…   DIR is the runner's directory of temporary files

Of the actions that it uses, the cache finds nothing, and what is uploaded is counted. The exit status is that of the
first step that fails.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import ruamel.yaml

temporary = pathlib.Path(sys.argv[1])
action = ruamel.yaml.YAML(typ="safe").load(pathlib.Path("action.yml").read_text())
inputs = {name: definition["default"] for name, definition in action["inputs"].items()}
for argument in sys.argv[2:]:
    name, value = argument.split("=", 1)
    assert name in inputs, name
    inputs[name] = value

values = {f"inputs.{name}": value for name, value in inputs.items()}
values |= {"github.action_path": os.getcwd(), "runner.temp": str(temporary), "runner.os": "Linux", "runner.arch": "X64"}
status = 0


def expand(text):
    """`${{ NAME }}`; an output that no step has given is empty, another name is a mistake."""

    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: look_up(match[1]), text)


def look_up(name):
    if name.startswith("steps."):
        assert any(name.startswith(f"steps.{step.get('id')}.outputs.") for step in action["runs"]["steps"]), name
        return values.get(name, "")
    return values[name]


def wanted(condition):
    """The conditions that action.yml has: names and comparisons, joined by `&&`."""
    terms = [term.strip() for term in condition.split("&&")]
    if "always()" not in terms and status != 0:
        return False
    return all(holds(term) for term in terms if term not in ("always()", "success()"))


def holds(term):
    if match := re.fullmatch(r"([\w.-]+) (==|!=) '(.*)'", term):
        return (look_up(match[1]) == match[3]) == (match[2] == "==")
    return bool(look_up(term))


def run(step):
    outputs = temporary / "outputs"
    outputs.write_text("")
    environment = {name: expand(value) for name, value in step.get("env", {}).items()}
    # As GitHub does for `shell: bash`.
    assert step["shell"] == "bash"
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, env=os.environ | environment | {"GITHUB_OUTPUT": str(outputs)}, check=False)
    for line in outputs.read_text().splitlines():
        name, value = line.split("=", 1)
        values[f"steps.{step['id']}.outputs.{name}"] = value
    return done.returncode


def use(step):
    arguments = {name: expand(value) for name, value in step["with"].items()}
    if step["uses"].startswith("actions/cache@"):
        print(f"no cache {arguments['key']}", flush=True)
    elif step["uses"].startswith("github/codeql-action/upload-sarif@"):
        results = json.loads(pathlib.Path(arguments["sarif_file"]).read_text())["runs"][0]["results"]
        print(f"uploaded {len(results)} findings of {arguments['category']}", flush=True)
    else:
        sys.exit(f"an action that is not known here: {step['uses']}")


shutil.rmtree(temporary / "nixpact", ignore_errors=True)
for step in action["runs"]["steps"]:
    if not wanted(step.get("if", "success()")):
        continue
    if "uses" in step:
        use(step)
    else:
        status = status or run(step)
sys.exit(status)
