"""Run by .ci/editors: the program, driven by pytest-lsp as Neovim and as Visual Studio Code.

NIXPACT is the program, HOMELAB a copy of test-flakes/homelab.
"""

import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

HOMELAB = pathlib.Path(os.environ["HOMELAB"])
JELLYFIN = HOMELAB / "modules/server/media/jellyfin/default.nix"
IMMICH = HOMELAB / "modules/server/media/immich/default.nix"


@pytest_lsp.fixture(
    params=["neovim@v0.11.0", "visual_studio_code"],
    config=ClientServerConfig(server_command=[os.environ["NIXPACT"], "lsp"]),
)
async def client(request, lsp_client: LanguageClient):
    known = lsp_client.protocol.fm.features
    for method in [
        types.CLIENT_REGISTER_CAPABILITY,
        types.WORKSPACE_DIAGNOSTIC_REFRESH,
        types.WORKSPACE_INLAY_HINT_REFRESH,
        types.WORKSPACE_CODE_LENS_REFRESH,
    ]:
        if method not in known:
            lsp_client.feature(method)(lambda *_: None)
    params = types.InitializeParams(
        capabilities=client_capabilities(request.param),
        workspace_folders=[types.WorkspaceFolder(uri=HOMELAB.as_uri(), name="homelab")],
    )
    result = await lsp_client.initialize_session(params)
    lsp_client.name_of_client = request.param
    lsp_client.encoding = result.capabilities.position_encoding
    lsp_client.pulls = result.capabilities.diagnostic_provider is not None
    yield
    await lsp_client.shutdown_session()


def opened(client, path):
    text = path.read_text()
    item = types.TextDocumentItem(uri=path.as_uri(), language_id="nix", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))
    return text


def changed(client, path, version, text):
    whole = types.TextDocumentContentChangeWholeDocument(text=text)
    document = types.VersionedTextDocumentIdentifier(uri=path.as_uri(), version=version)
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(text_document=document, content_changes=[whole])
    )


async def findings(client, path):
    """Those of a file, asked for or waited for."""
    document = types.TextDocumentIdentifier(uri=path.as_uri())
    if client.pulls:
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(text_document=document)
        )
        return list(report.items)
    # The answer comes behind what was found.
    await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="none"))
    return list(client.diagnostics.get(path.as_uri(), []))


def place(client, text, part):
    before, column = text[: text.index(part)], 0
    line = before.count("\n")
    rest = before[before.rfind("\n") + 1 :]
    column = len(rest.encode()) if client.encoding == "utf-8" else len(rest.encode("utf-16-le")) // 2
    return types.Position(line=line, character=column)


@pytest.mark.asyncio
async def test_encoding(client: LanguageClient):
    expected = "utf-16" if "visual" in client.name_of_client else "utf-8"
    assert client.encoding == expected


@pytest.mark.asyncio
async def test_conflict(client: LanguageClient):
    text = opened(client, JELLYFIN)
    other = opened(client, IMMICH)
    assert await findings(client, JELLYFIN) == []
    # A character that has another width in each encoding stands before it.
    broken = text.replace("port = 8096;", "/* 🎬ü */ port = 2283;")
    changed(client, JELLYFIN, 2, broken)
    found = await findings(client, JELLYFIN)
    assert [it.code for it in found] == ["duplicate-port"]
    assert found[0].range.start == place(client, broken, "2283")
    assert found[0].code_description.href.endswith("lints/network/duplicate_port.md")
    assert found[0].related_information[0].location.uri == IMMICH.as_uri()
    changed(client, IMMICH, 2, other.replace("port = 2283;", "port = 2284;"))
    assert await findings(client, JELLYFIN) == []


@pytest.mark.asyncio
async def test_requests(client: LanguageClient):
    text = opened(client, IMMICH)
    document = types.TextDocumentIdentifier(uri=IMMICH.as_uri())
    at = place(client, text, "port = 2283")
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=document, position=at)
    )
    assert "16 bit unsigned integer" in hover.contents.value
    names = await client.text_document_completion_async(
        types.CompletionParams(
            text_document=document, position=place(client, text, 'postgresql"];')
        )
    )
    assert "postgresql" in [item.label for item in names.items]
    symbols = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=document)
    )
    assert any(symbol.name == "config.qgroget" for symbol in symbols)
    lenses = await client.text_document_code_lens_async(types.CodeLensParams(text_document=document))
    assert lenses[0].command.title.startswith("1 route")
    at = place(client, text, "immich = {\n      enable")
    edit = await client.text_document_rename_async(
        types.RenameParams(text_document=document, position=at, new_name="photos")
    )
    changes = edit.document_changes or list(edit.changes)
    assert len(changes) == 3
