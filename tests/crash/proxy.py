"""A way in between that passes everything on, but loses one answer."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Cuts a connection instead of passing on the answer that holds `answer`.

    Only on a connection on which `asked` was said. With `is_forwarded` false, what leads to the
    answer (`command`) is not even passed on: the other side never hears of it.
    """

    def __init__(self, port, *, asked, answer, command=b"", is_forwarded=True, times=1):
        self.target = port
        self.asked, self.answer, self.command = asked, answer, command
        self.is_forwarded, self.left = is_forwarded, times
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ends, self.threads = [self.listener], []
        self.start(self.accept)

    def start(self, work, *arguments):
        self.threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        self.threads[-1].start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            self.ends += [client, server]
            said = []
            self.start(self.pump, client, server, self.loses_command, said)
            self.start(self.pump, server, client, self.loses_answer, said)

    def pump(self, source, target, loses, said):
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if loses(data, said):
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def loses_command(self, data, said):
        said.append(data)
        return not self.is_forwarded and self.command in data and self.fires(said)

    def loses_answer(self, data, said):
        return self.is_forwarded and self.answer in data and self.fires(said)

    def fires(self, said):
        with self.lock:
            if self.left == 0 or self.asked not in b"".join(said):
                return False
            self.left -= 1
            return True

    def stop(self):
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(timeout=10)
        for end in self.ends:
            end.close()
