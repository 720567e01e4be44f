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
POSTGRESQL = HOMELAB / "modules/server/data/postgresql/default.nix"


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

    @lsp_client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
    def choose(ls, params):
        ls.asked.append(params)
        chosen = [it for it in params.actions if it.title.startswith(ls.chosen)]
        return chosen[0] if chosen else None

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


def document_of(path):
    return types.TextDocumentIdentifier(uri=path.as_uri())


def everywhere():
    return types.Range(start=types.Position(0, 0), end=types.Position(9999, 0))


@pytest.mark.asyncio
async def test_progress(client: LanguageClient):
    opened(client, IMMICH)
    await findings(client, IMMICH)
    kinds = [report.kind for reports in client.progress_reports.values() for report in reports]
    assert kinds == ["begin", "end"]


@pytest.mark.asyncio
async def test_what_is_shown_beside_the_text(client: LanguageClient):
    text = opened(client, IMMICH)
    document = document_of(IMMICH)
    computed = text.replace("port = 2283;", "port = 2000 + 283;")
    changed(client, IMMICH, 2, computed)
    hints = await client.text_document_inlay_hint_async(
        types.InlayHintParams(text_document=document, range=everywhere())
    )
    assert [hint.label for hint in hints] == ["= 2283"]
    folds = await client.text_document_folding_range_async(
        types.FoldingRangeParams(text_document=document)
    )
    assert len(folds) > 8
    at = place(client, computed, "immich = {\n      enable")
    lights = await client.text_document_document_highlight_async(
        types.DocumentHighlightParams(text_document=document, position=at)
    )
    kinds = {types.DocumentHighlightKind.Write, types.DocumentHighlightKind.Read}
    assert len(lights) == 2 and {light.kind for light in lights} == kinds
    links = await client.text_document_document_link_async(
        types.DocumentLinkParams(text_document=document_of(HOMELAB / "modules/server/default.nix"))
    )
    assert IMMICH.as_uri() in [link.target for link in links]


@pytest.mark.asyncio
async def test_navigation(client: LanguageClient):
    text = opened(client, IMMICH)
    at = place(client, text, 'postgresql"];')
    params = {"text_document": document_of(IMMICH), "position": at}
    found = await client.text_document_definition_async(types.DefinitionParams(**params))
    assert [it.uri for it in found] == [POSTGRESQL.as_uri()]
    context = types.ReferenceContext(include_declaration=True)
    found = await client.text_document_references_async(
        types.ReferenceParams(**params, context=context)
    )
    assert {IMMICH.as_uri(), POSTGRESQL.as_uri()} <= {it.uri for it in found}
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="jellyf"))
    assert [it.name for it in found] == ["jellyfin"]


@pytest.mark.asyncio
async def test_the_command_of_a_lens(client: LanguageClient):
    opened(client, POSTGRESQL)
    lenses = await client.text_document_code_lens_async(
        types.CodeLensParams(text_document=document_of(POSTGRESQL))
    )
    command = lenses[0].command
    assert "used by" in command.title and command.command == "nixpact.showUses"
    asked = client.asked = []
    client.chosen = "modules/server/media/immich/default.nix"
    await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command=command.command, arguments=command.arguments)
    )
    while not client.shown_documents:
        await client.workspace_symbol_async(types.WorkspaceSymbolParams(query="none"))
    assert len(asked) == 1 and len(asked[0].actions) > 2
    assert client.shown_documents[0].uri == IMMICH.as_uri()


@pytest.mark.asyncio
async def test_actions(client: LanguageClient):
    text = opened(client, JELLYFIN)
    broken = text.replace("port = 8096;", "prot = 8096; # nixpact: allow(duplicate-port) -- none")
    changed(client, JELLYFIN, 2, broken)
    document = document_of(JELLYFIN)
    context = types.CodeActionContext(diagnostics=[])
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(text_document=document, range=everywhere(), context=context)
    )
    titles = {action.title: action for action in actions}
    assert titles["Replace `prot` by `port`"].is_preferred
    assert not titles["Keep it, with a reason: allow(unknown-field)"].is_preferred
    everything = titles["Fix all that is safe to fix in this file"]
    assert everything.edit is None
    resolved = await client.code_action_resolve_async(everything)
    changes = resolved.edit.document_changes or []
    uris = [change.text_document.uri for change in changes] or list(resolved.edit.changes)
    assert uris == [JELLYFIN.as_uri()]


def touched(client, path, kind):
    change = types.FileEvent(uri=path.as_uri(), type=kind)
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=[change]))


@pytest.mark.asyncio
async def test_files_on_the_disk(client: LanguageClient):
    """Read again when they change, and the configuration with them."""
    opened(client, JELLYFIN)
    original = IMMICH.read_text()
    configuration = HOMELAB / "nixpact.toml"
    before = configuration.read_text() if configuration.exists() else None
    try:
        IMMICH.write_text(original.replace("port = 2283;", "port = 8096;"))
        touched(client, IMMICH, types.FileChangeType.Changed)
        found = await findings(client, JELLYFIN) + await findings(client, IMMICH)
        assert [it.code for it in found] == ["duplicate-port"]
        assert found[0].severity == types.DiagnosticSeverity.Error
        configuration.write_text((before or "") + '\n[lints]\nduplicate-port = "warn"\n')
        touched(client, configuration, types.FileChangeType.Created)
        found = await findings(client, JELLYFIN) + await findings(client, IMMICH)
        assert [it.severity for it in found] == [types.DiagnosticSeverity.Warning]
    finally:
        IMMICH.write_text(original)
        if before is None:
            configuration.unlink(missing_ok=True)
        else:
            configuration.write_text(before)
    touched(client, IMMICH, types.FileChangeType.Changed)
    touched(client, configuration, types.FileChangeType.Deleted)
    assert await findings(client, JELLYFIN) + await findings(client, IMMICH) == []
