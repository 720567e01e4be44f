"""Reads the reports of one run as their consumers do, and compares them with the JSON report."""

import json
import pathlib
import sys
import xml.etree.ElementTree as xml

import junitparser

directory = pathlib.Path(sys.argv[1])


def text(name):
    return (directory / name).read_text(encoding="utf-8-sig")


report = json.loads(text("json"))
findings = report["diagnostics"]
errors = [finding for finding in findings if finding["severity"] == "error"]


def validation():
    """What sarif-multitool says of the SARIF log: rules of SARIF and of GitHub."""
    run = json.loads(text("validation.sarif"))["runs"][0]
    problems = [it for it in run.get("results", []) if it.get("level", "warning") != "note"]
    assert not problems, json.dumps(problems, indent=2)


def sarif():
    results = json.loads(text("sarif"))["runs"][0]["results"]
    suppressed = [result for result in results if result.get("suppressions")]
    same(len(suppressed), report["summary"].get("suppressed", 0))
    same(len(results), len(findings) + len(suppressed))


def junit():
    suites = junitparser.JUnitXml.fromfile(str(directory / "junit"))
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(it, junitparser.Failure) for it in case.result)]
    same(suites.tests, len(cases))
    same((suites.failures, len(failed)), (len(errors), len(errors)))
    same(len([case for case in cases if case.name != "no findings"]), len(findings))


def checkstyle():
    """The attributes that reviewdog and Jenkins read."""
    shown = [
        (file.attrib["name"], int(error.attrib["line"]), int(error.attrib["column"]))
        for file in xml.parse(directory / "checkstyle").getroot().findall("file")
        for error in file.findall("error")
        if error.attrib["message"] and error.attrib["severity"] in ("error", "warning", "info")
    ]
    same(len(shown), len(findings))
    for finding, place in zip(findings, shown):
        if finding["primary"]:
            start = finding["primary"]["start"]
            assert place[0].endswith(finding["primary"]["file"]), place
            same(place[1:], (start["line"], start["column"]))


def gitlab():
    """What GitLab's documentation asks of each issue; it shows one of those with one fingerprint."""
    issues = json.loads(text("gitlab"))
    same(len({issue["fingerprint"] for issue in issues}), len(findings))
    for issue in issues:
        assert issue["description"] and issue["check_name"], issue
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker"), issue
        assert issue["location"]["path"] and issue["location"]["lines"]["begin"] >= 1, issue
        assert not issue["location"]["path"].startswith(("/", "./")), issue


def rdjson():
    """reviewdog counts columns in bytes of UTF-8."""
    diagnostics = json.loads(text("rdjson"))["diagnostics"]
    same(len(diagnostics), len(findings))
    for finding, diagnostic in zip(findings, diagnostics):
        assert diagnostic["message"] and diagnostic["location"]["path"], diagnostic
        if finding["primary"]:
            start = diagnostic["location"]["range"]["start"]
            same(start["line"], finding["primary"]["start"]["line"])
            assert start["column"] >= finding["primary"]["start"]["column"], diagnostic


def same(found, expected):
    assert found == expected, f"{found} in place of {expected}"


for reader in (validation, sarif, junit, checkstyle, gitlab, rdjson):
    reader()
print(f"{directory.name}: {len(findings)} findings in every report")
