"""Code that wants out, or wants to be believed. Each case defines `f()`; what calling it must be
observed as stands beside it. `{outside}` is a folder that everybody may write to, with the files
`bait` and `secret` in it; `{port}` is listened on at 127.0.0.1, and so is `{socket}`."""

from textwrap import dedent, indent
from typing import Any, NamedTuple


class Case(NamedTuple):
    family: str
    name: str
    source: str
    outcome: str
    """Of the call; of loading the module where it starts with `loading: `."""
    exception: str | None = None
    returns: object = 41
    """Where it returns."""

    @property
    def id(self) -> str:
        return f"{self.family}-{self.name}"


def _family(family: str, *cases: tuple[Any, ...]) -> list[Case]:
    return [Case(family, *case) for case in cases]


def _body(text: str, before: str = "") -> str:
    return f"{dedent(before)}\ndef f():\n{indent(dedent(text).strip(), '    ')}\n"


_LIBC = "import ctypes\nlibc = ctypes.CDLL(None)\n"

CASES: list[Case] = [
    *_family(
        "exits",
        ("os._exit(0)", _body("import os; os._exit(0)"), "crash"),
        ("os._exit(1)", _body("import os; os._exit(1)"), "crash"),
        ("the refusal's own status", _body("import os; os._exit(70)"), "crash"),
        ("SystemExit", _body("raise SystemExit(0)"), "raised", "SystemExit"),
        ("sys.exit", _body("import sys; sys.exit('passed')"), "raised", "SystemExit"),
        ("KeyboardInterrupt", _body("raise KeyboardInterrupt"), "raised", "KeyboardInterrupt"),
        ("GeneratorExit", _body("raise GeneratorExit"), "raised", "GeneratorExit"),
        ("abort", _body("import os; os.abort()"), "crash"),
        ("kill itself", _body("import os; os.kill(os.getpid(), 9)"), "crash"),
        ("segmentation fault", _body("import ctypes; ctypes.string_at(0)"), "crash"),
        ("while loading", "import os\nos._exit(0)\ndef f(): return 42\n", "loading: crash"),
        ("SystemExit while loading", "raise SystemExit(0)\n", "loading: raised", "SystemExit"),
    ),
    *_family(
        "lies",
        (
            "always equal",
            _body("return C()", "class C:\n    def __eq__(self, other): return True\n"),
            "unencodable",
            "candidate.C",
        ),
        (
            "equal int",
            _body("return C(1)", "class C(int):\n    def __eq__(self, other): return True\n"),
            "unencodable",
            "candidate.C",
        ),
        (
            "str in disguise",
            _body("return C('x')", "class C(str):\n    __class__ = str\n"),
            "unencodable",
            "candidate.C",
        ),
        (
            "named int",
            _body("return C()", "C = type('int', (), {'__module__': 'builtins'})\n"),
            "unencodable",
            "builtins.int",
        ),
        (
            "dict with hostile get",
            _body("return C(a=1)", "class C(dict):\n    def items(self): return [('b', 2)]\n"),
            "unencodable",
            "candidate.C",
        ),
        (
            "metaclass that lies of names",
            _body(
                "return C()",
                "class M(type):\n    __module__ = property(lambda s: 1 / 0)\n"
                "class C(metaclass=M): pass\n",
            ),
            "unencodable",
        ),
        (
            "hidden in a list",
            _body("return [1, C(2)]", "class C(int): pass\n"),
            "unencodable",
            "builtins.list",
        ),
        (
            "impostor exception",
            _body("raise ValueError", "class ValueError(Exception): pass\n"),
            "raised",
            "candidate.ValueError",
        ),
        (
            "exception whose text raises",
            _body("raise C", "class C(Exception):\n    def __str__(self): raise SystemExit\n"),
            "raised",
            "C",
        ),
    ),
    *_family(
        "tampering",
        (
            "len patched",
            _body("import builtins; builtins.len = lambda _: 0; return 41"),
            "crash",
        ),
        ("exit patched", _body("import os; os._exit = lambda _: None; return 41"), "returned"),
        (
            "json patched",
            _body("import json; json.dumps = lambda *a, **k: '{}'; return 41"),
            "crash",
        ),
        ("write patched", _body("import os; os.write = lambda *_: 10**9; return 41"), "crash"),
        (
            "recursion limit",
            _body("import sys; sys.setrecursionlimit(50); return 41"),
            "returned",
        ),
        (
            "frames emptied",
            _body(
                """
                import sys
                frame = sys._getframe()
                while frame:
                    frame.f_globals.clear()
                    frame = frame.f_back
                """
            ),
            "crash",
        ),
        (
            "modules dropped",
            _body("import sys; sys.modules.clear(); return 41"),
            "returned",
        ),
        (
            "timer stopped",
            _body("import signal; signal.setitimer(signal.ITIMER_PROF, 0)\nwhile True: pass"),
            "timeout",
        ),
        ("trace that raises", _body("import sys; sys.settrace(lambda *_: 1 / 0)"), "crash"),
        (
            "collector hook",
            _body("import gc; gc.callbacks.append(lambda *_: 1 / 0); return 41"),
            "returned",
        ),
    ),
    *_family(
        "forgery",
        ("a printed verdict", _body('print(\'{"status": "pass"}\'); return 41'), "returned"),
        (
            "noise into every file",
            _body(
                """
                import os
                for number in range(64):
                    try:
                        os.write(number, b'pass')
                    except OSError:
                        pass
                """
            ),
            "crash",
        ),
        (
            "endless report",
            _body(
                """
                import os
                for number in range(3, 64):
                    try:
                        while True:
                            os.write(number, b'\\xff' * 10**6)
                    except OSError:
                        pass
                """
            ),
            "crash",
        ),
        (
            "a report that is no observation",
            _body(
                """
                import os
                frame = b'{"outcome": "passed", "value": 42}'
                for number in range(3, 64):
                    try:
                        os.write(number, len(frame).to_bytes(4, 'big') + frame)
                    except OSError:
                        pass
                """
            ),
            "crash",
        ),
        (
            "a value that decodes to nothing",
            _body(
                """
                import os
                frame = b'{"outcome": "returned", "value": {"$": "sword", "v": 1}}'
                for number in range(3, 64):
                    try:
                        os.write(number, len(frame).to_bytes(4, 'big') + frame)
                    except OSError:
                        pass
                """
            ),
            "crash",
        ),
        (
            "a report nested without end",
            _body(
                """
                import os
                frame = b'[' * 10**6
                for number in range(3, 64):
                    try:
                        os.write(number, len(frame).to_bytes(4, 'big') + frame)
                    except OSError:
                        pass
                """
            ),
            "crash",
        ),
        (
            "not a number",
            _body(
                """
                import os
                frame = b'{"outcome": "returned", "value": NaN}'
                for number in range(3, 64):
                    try:
                        os.write(number, len(frame).to_bytes(4, 'big') + frame)
                    except OSError:
                        pass
                """
            ),
            "crash",
        ),
        ("every file closed", _body("import os; os.closerange(0, 64); return 42"), "crash"),
        (
            "closed and waiting",
            _body("import os, time; os.closerange(0, 64); time.sleep(60)"),
            "crash",
        ),
    ),
    *_family(
        "hangs",
        ("a loop", _body("while True: pass"), "timeout"),
        ("a power", _body("return 10**10**8"), "timeout"),
        ("a regex", _body("import re; re.match(r'(a+)+$', 'a' * 40 + 'b')"), "timeout"),
        (
            "a loop in C",
            _body("from collections import deque; from itertools import count; deque(count(), 0)"),
            "timeout",
        ),
        ("sleep", _body("import time; time.sleep(60)"), "timeout"),
        (
            "a deadlock",
            _body("import threading; a = threading.Lock(); a.acquire(); a.acquire()"),
            "timeout",
        ),
        (
            "all signals ignored",
            _body(
                """
                import signal
                for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                    signal.signal(number, signal.SIG_IGN)
                while True:
                    pass
                """
            ),
            "timeout",
        ),
        (
            "everything caught",
            _body(
                "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
            ),
            "timeout",
        ),
        ("stopped", _body("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"), "timeout"),
        ("while loading", "while True: pass\n", "loading: timeout"),
        ("waiting for a person", _body("return input()"), "raised", "EOFError"),
        (
            "threads that spin",
            _body(
                """
                import threading
                def spin():
                    while True: pass
                for _ in range(4):
                    threading.Thread(target=spin).start()
                threading.Event().wait()
                """
            ),
            "timeout",
        ),
    ),
    *_family(
        "memory",
        ("a huge list", _body("return len([0] * 10**10)"), "memory"),
        (
            "growth",
            _body("kept = []\nwhile True: kept.append(bytearray(10**5))"),
            "memory",
        ),
        (
            "growth kept",
            _body("while True: kept.append(bytearray(10**5))", "kept = []\n"),
            "memory",
        ),
        ("doubling", _body("text = 'x'\nwhile True: text += text"), "memory"),
        (
            "a map of nothing",
            _body("import mmap; return len(mmap.mmap(-1, 10**10))"),
            "raised",
            "OSError",
        ),
        (
            "a bomb unpacked",
            _body(
                "import zlib; return len(zlib.decompress(bomb, bufsize=2**33))",
                "import zlib\nbomb = zlib.compress(bytes(2**20))\n",
            ),
            "memory",
        ),
        ("a file of memory", _body("import os; os.memfd_create('m')"), "forbidden"),
        (
            "threads without end",
            _body(
                """
                import threading
                stop = threading.Event()
                while True:
                    threading.Thread(target=stop.wait, daemon=True).start()
                """
            ),
            "raised",
            "RuntimeError",
        ),
    ),
    *_family(
        "recursion",
        ("plain", _body("return f()"), "raised", "RecursionError"),
        (
            "mutual",
            _body("return g()", "def g(): return f()\n"),
            "raised",
            "RecursionError",
        ),
        (
            "in C",
            _body("t = ()\nfor _ in range(3 * 10**5): t = (t,)\nreturn hash(t)"),
            "crash",
        ),
        (
            "in a comparison",
            _body("a = []; a.append(a); b = []; b.append(b); return a == b"),
            "raised",
            "RecursionError",
        ),
        ("in the parser", _body("return eval('(' * 10**4 + ')' * 10**4)"), "raised"),
    ),
    *_family(
        "output",
        ("much", _body("for _ in range(10**4): print('x' * 10**4)\nreturn 41"), "returned"),
        ("one line", _body("print('x' * 10**7); return 41"), "returned"),
        (
            "errors",
            _body("import sys\nfor _ in range(10**4): sys.stderr.write('x' * 10**4)\nreturn 41"),
            "returned",
        ),
        (
            "past Python",
            _body("import os\nfor _ in range(10**4): os.write(1, b'x' * 10**5)\nreturn 41"),
            "returned",
        ),
        ("closed", _body("import sys; sys.stdout.close(); return 41"), "returned"),
        ("a huge message", _body("raise ValueError('x' * 10**7)"), "raised", "ValueError"),
        ("lone surrogates", _body("print('\\ud800'); return 41"), "returned"),
    ),
    *_family(
        "processes",
        ("fork", _body("import os; os.fork()"), "forbidden"),
        ("fork past Python", _body("return libc.fork()", _LIBC), "forbidden"),
        ("vfork past Python", _body("return libc.syscall(58)", _LIBC), "forbidden"),
        ("system", _body("import os; os.system('true')"), "forbidden"),
        ("system past Python", _body("return libc.system(b'true')", _LIBC), "forbidden"),
        ("subprocess", _body("import subprocess; subprocess.run(['true'])"), "forbidden"),
        (
            "subprocess, swallowed",
            _body(
                "import subprocess\ntry:\n    subprocess.run(['true'])\n"
                "except Exception:\n    pass\nreturn 41"
            ),
            "forbidden",
        ),
        (
            "multiprocessing",
            _body("import multiprocessing as m; p = m.get_context('fork').Process(); p.start()"),
            "forbidden",
        ),
        ("spawn", _body("import os; os.posix_spawn('/bin/true', ['true'], {})"), "forbidden"),
        ("exec", _body("import os; os.execv('/bin/true', ['true'])"), "forbidden"),
        ("exec past Python", _body("libc.execv(b'/bin/true', None)", _LIBC), "forbidden"),
        (
            "a daemon",
            _body(
                """
                if libc.fork() == 0:
                    libc.setsid()
                    if libc.fork() == 0:
                        while True: libc.sleep(60)
                """,
                _LIBC,
            ),
            "forbidden",
        ),
        (
            "a thread left behind",
            _body(
                "import threading, time\n"
                "threading.Thread(target=time.sleep, args=(60,)).start()\nreturn 41"
            ),
            "returned",
        ),
        ("while loading", "import os\nos.fork()\ndef f(): return 41\n", "loading: forbidden"),
        (
            "swallowed while loading",
            "import os\ntry:\n    os.fork()\nexcept OSError:\n    pass\ndef f(): return 41\n",
            "loading: forbidden",
        ),
    ),
    *_family(
        "files",
        ("write", _body("open('{outside}/new', 'w').write('x')"), "forbidden"),
        ("append", _body("open('{outside}/bait', 'a').write('x')"), "forbidden"),
        ("remove", _body("import os; os.remove('{outside}/bait')"), "forbidden"),
        ("remove all", _body("import shutil; shutil.rmtree('{outside}')"), "forbidden"),
        ("rename", _body("import os; os.rename('{outside}/bait', 'bait')"), "forbidden"),
        ("chmod", _body("import os; os.chmod('{outside}/bait', 0)"), "forbidden"),
        ("truncate", _body("import os; os.truncate('{outside}/bait', 0)"), "forbidden"),
        ("touch", _body("import os; os.utime('{outside}/bait', (0, 0))"), "forbidden"),
        (
            "through a link",
            _body(
                """
                import os
                os.symlink('{outside}/bait', 'link')
                try:
                    open('link', 'a').write('x')
                except OSError:
                    return 41
                """
            ),
            "returned",
        ),
        (
            "past Python",
            _body(
                """
                names = b'{outside}/bait', b'{outside}/new'
                libc.chmod(names[0], 0)
                libc.unlink(names[0])
                return [libc.open(name, 0o1102, 0o666) for name in names] == [-1, -1]
                """,
                _LIBC,
            ),
            "returned",
            None,
            True,
        ),
        (
            "scratch filled",
            _body("for n in range(64): open(str(n), 'wb').write(bytes(2**24))"),
            "raised",
            "OSError",
        ),
        (
            "scratch used",
            _body("open('mine', 'w').write('x'); return open('mine').read()"),
            "returned",
            None,
            "x",
        ),
        (
            "scratch made deep",
            _body("import os\nfor _ in range(500): os.mkdir('d'); os.chdir('d')\nreturn 41"),
            "returned",
        ),
        (
            "the library overwritten",
            _body("import os; open(os.__file__, 'a').write('x')"),
            "forbidden",
        ),
    ),
    *_family(
        "secrets",
        ("a file", _body("return open('{outside}/secret').read()"), "forbidden"),
        (
            "a file, swallowed",
            _body("try:\n    return open('{outside}/secret').read()\nexcept OSError: return 41"),
            "forbidden",
        ),
        (
            "a file past Python",
            _body("return libc.open(b'{outside}/secret', 0)", _LIBC),
            "returned",
            None,
            -1,
        ),
        ("accounts", _body("return open('/etc/passwd').read()"), "forbidden"),
        ("home", _body("import os; return os.listdir(os.path.expanduser('~'))"), "forbidden"),
        ("the root", _body("import os; return os.listdir('/')"), "forbidden"),
        ("environment", _body("import os; return dict(os.environ)"), "returned", None, {}),
        (
            "environment past Python",
            _body("return libc.getenv(b'HOME')", _LIBC),
            "returned",
            None,
            0,
        ),
        ("environment of others", _body("return open('/proc/1/environ').read()"), "forbidden"),
        ("memory of others", _body("return open('/proc/1/mem', 'rb').read(1)"), "forbidden"),
        ("own start", _body("return open('/proc/self/environ').read()"), "forbidden"),
        ("arguments", _body("import sys; return sys.argv"), "returned", None, [""]),
    ),
    *_family(
        "network",
        (
            "connect",
            _body("import socket; socket.create_connection(('127.0.0.1', {port}), 1)"),
            "forbidden",
        ),
        (
            "connect, swallowed",
            _body(
                "import socket\ntry:\n    socket.create_connection(('127.0.0.1', {port}), 1)\n"
                "except OSError:\n    return 41"
            ),
            "forbidden",
        ),
        (
            "connect past Python",
            _body("return libc.socket(2, 1, 0)", _LIBC),
            "forbidden",
        ),
        (
            "fetch",
            _body("import urllib.request as r; r.urlopen('http://127.0.0.1:{port}/')"),
            "forbidden",
        ),
        (
            "datagram",
            _body(
                "import socket\n"
                "socket.socket(2, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))"
            ),
            "forbidden",
        ),
        ("names", _body("import socket; socket.getaddrinfo('localhost', 1)"), "forbidden"),
        (
            "a socket in the file system",
            _body("import socket; socket.socket(socket.AF_UNIX).connect('{socket}')"),
            "forbidden",
        ),
        ("listen", _body("import socket; socket.create_server(('', 0))"), "forbidden"),
        (
            "asyncio",
            _body("import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', {port}))"),
            "forbidden",
        ),
        (
            "asyncio alone",
            _body("import asyncio\nasync def g(): return 41\nreturn asyncio.run(g())"),
            "returned",
        ),
    ),
    *_family(
        "others",
        ("the parent", _body("import os; os.kill(os.getppid(), 9)"), "forbidden"),
        ("everybody", _body("import os; os.kill(-1, 9)"), "forbidden"),
        ("the first process", _body("import os; os.kill(1, 9)"), "forbidden"),
        ("the group", _body("import os; os.killpg(0, 9)"), "forbidden"),
        ("past Python", _body("libc.kill(-1, 9)", _LIBC), "forbidden"),
        ("the parent past Python", _body("libc.kill(libc.getppid(), 9)", _LIBC), "forbidden"),
        ("trace", _body("libc.ptrace(16, libc.getppid(), 0, 0)", _LIBC), "forbidden"),
        ("namespaces", _body("libc.unshare(0x10000000)", _LIBC), "forbidden"),
        ("mounts", _body("libc.mount(b'x', b'/', b'tmpfs', 0, b'')", _LIBC), "forbidden"),
        (
            "handles",
            _body("import os; os.pidfd_open(os.getppid())"),
            "forbidden",
        ),
        (
            "the parent's death",
            _body("return libc.prctl(1, 0) == -1", _LIBC),
            "returned",
            None,
            True,
        ),
        ("priorities", _body("import os; return os.nice(-5)"), "forbidden"),
        (
            "limits",
            _body(
                "import resource as r\nr.setrlimit(r.RLIMIT_AS, (-1, -1))",
            ),
            "raised",
            "ValueError",
        ),
    ),
    *_family(
        "values",
        ("inside itself", _body("a = []; a.append(a); return a"), "unencodable"),
        ("100 MB", _body("return 'x' * 10**8"), "unencodable"),
        ("a huge number", _body("return 1 << 10**8"), "unencodable"),
        ("a function", _body("return lambda: 1"), "unencodable", "builtins.function"),
        ("a generator", _body("return (n for n in range(3))"), "unencodable"),
        ("an open file", _body("return open('x', 'w')"), "unencodable"),
        ("a module", _body("import os; return os"), "unencodable"),
        (
            "deeply nested",
            _body("a = []\nfor _ in range(10**5): a = [a]\nreturn a"),
            "unencodable",
        ),
        (
            "a bomb of shared lists",
            _body("a = ['x']\nfor _ in range(100): a = [a, a]\nreturn a"),
            "unencodable",
        ),
        (
            "members with one hash",
            _body("return {n * (2**61 - 1) for n in range(20_000)}", "import sys\n"),
            "timeout",
        ),
        ("a large set", _body("return set(range(20_000))"), "unencodable"),
        ("control characters", _body("return '\\0\\x1b\\ud800'"), "returned", None, "\0\x1b\ud800"),
    ),
]
