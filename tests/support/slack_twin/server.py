"""The Web API of one small workspace."""

import asyncio
import base64
import copy
import json
import math
import re
import socket
import struct
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.slack_twin.kit import BLOCKS_BUDGET, BlockKit, blocks_cost
from tests.support.slack_twin.lint import Finding, lint_message
from tests.support.slack_twin.live import TEAM, Live

BOT = "U0TWINBOT01"
SCOPES = frozenset({"chat:write", "channels:history", "channels:read", "files:write", "files:read", "usergroups:read"})
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "chat.postEphemeral": "chat:write",
    "conversations.list": "channels:read",
    "conversations.members": "channels:read",
    "usergroups.users.list": "usergroups:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.info": "files:read",
}
UPDATE_TEXT = 4_000
METADATA_BYTES = 16_000  # assumed: Slack documents the error, not the number
_TS = re.compile(r"\d{10}\.\d{6}")

Args = dict[str, Any]


class ApiError(Exception):
    """Answered as {"ok": false, "error": ...}."""

    def __init__(self, error: str, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(error)
        self.body: dict[str, Any] = {"ok": False, "error": error, **extra}
        if messages:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in messages]}


class RateLimitedError(Exception):
    """Answered with HTTP 429."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(str(self.seconds))


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong with the next ``count`` matching requests (-1: all), before or after Slack took the message.

    ``kind``: reset, timeout, http (``status``), ratelimited (``seconds``), error (``error``), garbage, truncated.
    """

    kind: str
    method: str = "chat.postMessage"
    count: int = 1
    skip: int = 0
    channel: str = ""
    after_accept: bool = False
    status: int = 503
    seconds: float = 1
    error: str = "internal_error"


@dataclass(slots=True, kw_only=True)
class Workspace:
    """Everything the twin remembers."""

    token: str
    app_token: str = "xapp-twin-token"
    rate: float = 0.0
    """Messages per second and channel; 0 is no limit."""
    scopes: frozenset[str] = SCOPES
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    requests: list[tuple[str, Args]] = field(default_factory=list)
    lint: list[Finding] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_post: dict[str, float] = field(default_factory=dict)
    micros: int = 0
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Ids of people by channel or user group."""

    def next_ts(self) -> str:
        self.micros = max(int(time.time() * 1e6), self.micros + 1)
        return f"{self.micros // 1_000_000}.{self.micros % 1_000_000:06d}"

    def channel(self, reference: Any, *, by_name: bool) -> dict[str, Any]:
        found = self.channels.get(str(reference))
        if found is None and by_name:
            name = str(reference).removeprefix("#")
            found = next((c for c in self.channels.values() if c["name"] == name), None)
        if found is None or (found["is_private"] and not found["is_member"]):
            raise ApiError("channel_not_found")
        return found

    def message(self, channel: str, ts: Any) -> dict[str, Any] | None:
        return next((m for m in self.messages[channel] if m["ts"] == ts), None)


class Server:
    """The aiohttp application."""

    def __init__(self, workspace: Workspace, page: Callable[[Workspace, str], str]) -> None:
        self.workspace, self._page = workspace, page
        self.stopping = asyncio.Event()
        self.live = Live()
        self.host, self.port = "127.0.0.1", 0
        self.app = web.Application(client_max_size=64 * 1024 * 1024)
        self.app.router.add_route("*", "/api/{method:[A-Za-z0-9_.]+}", self.api)
        self.app.router.add_post("/upload/{file}", self.upload)
        self.app.router.add_get("/channel/{channel}", self.page)
        self.app.router.add_post("/services/{team}/{hook}/{channel}", self.webhook)
        self.app.router.add_get("/link/", self.live.socket)
        self.app.router.add_post("/answers/{key}", self.live.answer)

    async def api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or args.pop("token", "")
        self.workspace.requests.append((method, args))
        fault = self._fault(method, args)
        if fault and not fault.after_accept:
            return await self._spoil(fault, request)
        status, headers = 200, {}
        try:
            body = {"ok": True, **self._handle(method, args, token)}
        except ApiError as error:
            body = error.body
        except RateLimitedError as error:
            body, status, headers = {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(error.seconds)}
        if fault:
            return await self._spoil(fault, request)
        return web.json_response(body, status=status, headers=headers)

    def _handle(self, method: str, args: Args, token: str) -> dict[str, Any]:
        handler = getattr(self, f"_{method.replace('.', '_')}", None)
        if handler is None:
            raise ApiError("unknown_method")
        if not token:
            raise ApiError("not_authed")
        if token != (self.workspace.app_token if method == "apps.connections.open" else self.workspace.token):
            raise ApiError("invalid_auth")
        needed = NEEDS.get(method)
        if needed and needed not in self.workspace.scopes:
            raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(self.workspace.scopes)))
        return handler(args)  # type: ignore[no-any-return]

    def _fault(self, method: str, args: Args) -> Fault | None:
        for fault in self.workspace.faults:
            if fault.count == 0 or fault.method not in ("", method) or fault.channel not in ("", args.get("channel")):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.count -= fault.count > 0
            return fault
        return None

    async def _spoil(self, fault: Fault, request: web.Request) -> web.Response:
        if fault.kind == "timeout":
            try:
                await asyncio.wait_for(self.stopping.wait(), fault.seconds)
            except TimeoutError:
                return _abort(request)
            return _abort(request)
        if fault.kind == "reset":
            return _abort(request)
        if fault.kind == "http":
            return web.Response(status=fault.status, content_type="text/html", text="<h1>Server Error</h1>")
        if fault.kind == "ratelimited":
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": f"{fault.seconds:g}"})
        if fault.kind == "garbage":
            return web.Response(text="this is not JSON", content_type="text/plain")
        if fault.kind == "truncated":
            return web.Response(text='{"ok": true, "ts": "17', content_type="application/json")
        return web.json_response({"ok": False, "error": fault.error})

    # methods

    def _auth_test(self, _args: Args) -> dict[str, Any]:
        return {"team": "Twin", "user": "newsbot", "user_id": BOT, "team_id": TEAM}

    def _apps_connections_open(self, _args: Args) -> dict[str, Any]:
        self.live.opened += 1
        self.live.base = f"http://{self.host}:{self.port}"
        return {"url": f"ws://{self.host}:{self.port}/link/?ticket={self.live.opened}"}

    def _chat_postEphemeral(self, args: Args) -> dict[str, Any]:  # noqa: N802  (Slack's own name)
        channel = self.workspace.channel(args.get("channel"), by_name=True)
        if not channel["is_member"]:
            raise ApiError("not_in_channel")
        if args.get("user") not in self.workspace.members[channel["id"]]:
            raise ApiError("user_not_in_channel")
        content = self._content({"unfurl_links": False, "unfurl_media": False, **args})
        shown = {"channel": channel["id"], "user": args["user"], "thread_ts": args.get("thread_ts"), **content}
        self.workspace.ephemerals.append(shown)
        return {"message_ts": self.workspace.next_ts()}

    def _conversations_members(self, args: Args) -> dict[str, Any]:
        channel = self._readable(args)
        return {"members": self.workspace.members[channel], "response_metadata": {"next_cursor": ""}}

    def _usergroups_users_list(self, args: Args) -> dict[str, Any]:
        if args.get("usergroup") not in self.workspace.members:
            raise ApiError("no_such_subteam")
        return {"users": self.workspace.members[args["usergroup"]]}

    def _chat_postMessage(self, args: Args) -> dict[str, Any]:  # noqa: N802  (Slack's own name)
        space = self.workspace
        channel = space.channel(args.get("channel"), by_name=True)
        if channel["is_archived"]:
            raise ApiError("is_archived")
        if not channel["is_member"]:
            raise ApiError("not_in_channel")
        self._limit(channel["id"])
        content = self._content(args)
        thread = self._thread(channel["id"], args.get("thread_ts"))
        message = {"type": "message", "user": BOT, "bot_id": "B0TWINBOT01", "ts": space.next_ts(), **content}
        if thread:
            message["thread_ts"] = thread
        space.messages[channel["id"]].append(message)
        return {"channel": channel["id"], "ts": message["ts"], "message": copy.deepcopy(message)}

    def _chat_update(self, args: Args) -> dict[str, Any]:
        channel = self.workspace.channel(args.get("channel"), by_name=False)
        message = self.workspace.message(channel["id"], args.get("ts"))
        if message is None:
            raise ApiError("message_not_found")
        if len(args.get("text") or "") > UPDATE_TEXT:
            raise ApiError("msg_too_long")
        content = self._content({"unfurl_links": False, "unfurl_media": False, **args})
        message.pop("blocks", None)
        message.update(content)
        return {"channel": channel["id"], "ts": message["ts"], "text": message["text"]}

    def _chat_delete(self, args: Args) -> dict[str, Any]:
        channel = self.workspace.channel(args.get("channel"), by_name=False)
        message = self.workspace.message(channel["id"], args.get("ts"))
        if message is None:
            raise ApiError("message_not_found")
        self.workspace.messages[channel["id"]].remove(message)
        return {"channel": channel["id"], "ts": message["ts"]}

    def _conversations_history(self, args: Args) -> dict[str, Any]:
        channel = self._readable(args)
        roots = [m for m in self.workspace.messages[channel] if m.get("thread_ts") in (None, m["ts"])]
        return _page(sorted(roots, key=lambda m: m["ts"], reverse=True), args)

    def _conversations_replies(self, args: Args) -> dict[str, Any]:
        channel = self._readable(args)
        if self.workspace.message(channel, args.get("ts")) is None:
            raise ApiError("thread_not_found")
        ts = args["ts"]
        return _page([m for m in self.workspace.messages[channel] if ts in (m["ts"], m.get("thread_ts"))], args)

    def _conversations_list(self, _args: Args) -> dict[str, Any]:
        seen = [c for c in self.workspace.channels.values() if c["is_member"] or not c["is_private"]]
        return {"channels": seen, "response_metadata": {"next_cursor": ""}}

    def _files_getUploadURLExternal(self, args: Args) -> dict[str, Any]:  # noqa: N802
        if not args.get("filename") or int(args.get("length") or 0) < 1:
            raise ApiError("invalid_arguments")
        if len(args.get("alt_txt") or "") > 1_000:
            raise ApiError("alt_txt_too_large")
        file = f"F0TWIN{len(self.workspace.files):05d}"
        self.workspace.files[file] = {
            "id": file,
            "name": args["filename"],
            "alt_txt": args.get("alt_txt", ""),
            "body": b"",
        }
        return {"upload_url": f"http://{self.host}:{self.port}/upload/{file}", "file_id": file}

    def _files_completeUploadExternal(self, args: Args) -> dict[str, Any]:  # noqa: N802
        given = json.loads(args["files"]) if isinstance(args["files"], str) else args["files"]
        held = [self.workspace.files.get(item["id"]) for item in given]
        if any(file is None or not file["body"] for file in held):
            raise ApiError("file_not_found")
        channel = args.get("channel_id") or str(args.get("channels", "")).split(",")[0]
        if channel:
            self._thread(channel, args.get("thread_ts"))
            shown = [{"id": file["id"], "name": file["name"], "alt_txt": file["alt_txt"]} for file in held if file]
            message = {"type": "message", "user": BOT, "ts": self.workspace.next_ts(), "text": "", "files": shown}
            if args.get("thread_ts"):
                message["thread_ts"] = args["thread_ts"]
            self.workspace.messages[channel].append(message)
        return {"files": [{"id": item["id"], "title": item.get("title", "")} for item in given]}

    def _files_info(self, args: Args) -> dict[str, Any]:
        file = self.workspace.files.get(str(args.get("file")))
        if file is None:
            raise ApiError("file_not_found")
        return {"file": {"id": file["id"], "name": file["name"], "filetype": "png"}}

    # rules

    def _content(self, args: Args) -> dict[str, Any]:
        blocks = _decoded(args.get("blocks"), list, "invalid_blocks_format") or []
        if not (args.get("text") or "").strip() and not blocks:
            raise ApiError("no_text")
        kit = BlockKit(self.workspace.files)
        if blocks:
            kit.validate(blocks)
        if kit.errors:
            raise ApiError("invalid_blocks", kit.messages())
        if blocks_cost(blocks) > BLOCKS_BUDGET:
            raise ApiError("msg_blocks_too_long")
        metadata = _decoded(args.get("metadata"), dict, "invalid_metadata_format")
        if metadata and len(json.dumps(metadata).encode()) > METADATA_BYTES:
            raise ApiError("metadata_too_large")
        found = list(lint_message(args, blocks))
        self.workspace.lint.extend(found)
        if any(finding["severity"] == "error" for finding in found):
            raise ApiError("twin_unescaped_broadcast", [finding["detail"] for finding in found])
        content = {"text": (args.get("text") or "")[:40_000]}
        return content | ({"blocks": blocks} if blocks else {}) | ({"metadata": metadata} if metadata else {})

    def _thread(self, channel: str, ts: Any) -> str:
        if not ts:
            return ""
        if not isinstance(ts, str) or not _TS.fullmatch(ts):
            raise ApiError("invalid_thread_ts", [f"{ts} is not a valid thread_ts"])
        parent = self.workspace.message(channel, ts)
        if parent is None:  # Slack may say ok and show the message nowhere (python-slack-sdk issue 840)
            raise ApiError("thread_not_found")
        if parent.get("thread_ts", ts) != ts:
            self.workspace.lint.append({"code": "thread_ts_is_a_reply", "severity": "warning", "detail": ts})
        return ts

    def _limit(self, channel: str) -> None:
        if self.workspace.rate:
            wait = self.workspace.last_post.get(channel, 0.0) + 1 / self.workspace.rate - time.monotonic()
            if wait > 0:
                raise RateLimitedError(wait)
            self.workspace.last_post[channel] = time.monotonic()

    def _readable(self, args: Args) -> str:
        channel = self.workspace.channel(args.get("channel"), by_name=False)
        if not channel["is_member"]:
            raise ApiError("not_in_channel")
        return str(channel["id"])

    # other addresses

    async def upload(self, request: web.Request) -> web.Response:
        self.workspace.files[request.match_info["file"]]["body"] = await request.read()
        return web.Response(text="OK")

    async def webhook(self, request: web.Request) -> web.StreamResponse:
        """An incoming webhook: plain text answers, the errors as HTTP states, no ts."""
        args = {**await _arguments(request), "channel": request.match_info["channel"]}
        self.workspace.requests.append(("webhook", args))
        fault = self._fault("webhook", args)
        if fault and not fault.after_accept:
            return await self._spoil_webhook(fault, request)
        try:
            self._chat_postMessage(args)
        except RateLimitedError as error:
            return web.Response(status=429, text="rate_limited", headers={"Retry-After": str(error.seconds)})
        except ApiError as error:
            code = str(error.body["error"])
            known = {"is_archived": (410, "channel_is_archived"), "channel_not_found": (404, code)}
            status, code = known.get(code, (400, code))
            return web.Response(status=status, text=code)
        return await self._spoil_webhook(fault, request) if fault else web.Response(text="ok")

    async def _spoil_webhook(self, fault: Fault, request: web.Request) -> web.Response:
        if fault.kind == "error":
            return web.Response(status=fault.status, text=fault.error)
        return await self._spoil(fault, request)

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text=self._page(self.workspace, request.match_info["channel"]), content_type="text/html")


async def _arguments(request: web.Request) -> Args:
    if "json" in request.headers.get("Content-Type", ""):
        return dict(json.loads(await request.read() or b"{}"))
    return {**request.query, **{key: value for key, value in (await request.post()).items() if isinstance(value, str)}}


def _decoded(value: Any, kind: type, error: str) -> Any:
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            raise ApiError(error) from None
    if not isinstance(value, kind):
        raise ApiError(error)
    return value


def _page(messages: list[dict[str, Any]], args: Args) -> dict[str, Any]:
    oldest = float(args.get("oldest") or 0)
    wanted = [m for m in messages if float(m["ts"]) > oldest]
    start = int(base64.b64decode(args["cursor"]).decode()) if args.get("cursor") else 0
    limit = int(args.get("limit") or 100)
    shown = copy.deepcopy(wanted[start : start + limit])
    if args.get("include_all_metadata") not in (True, "1", "true"):
        for message in shown:
            message.pop("metadata", None)
    more = start + limit < len(wanted)
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else ""
    return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _abort(request: web.Request) -> web.Response:
    """Cut the connection with a RST: the answer is never sent."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=204)
