"""Several at once: commands wait for each other, and what was asked is never asked twice."""

import subprocess
import threading

from kpos.ledger.files import Folder, Lock
from kpos.terminal.control import bind
from tests.process.jsonl_till import ROOT, kpos, run_kpos


def top_up(data):
    command = kpos("top-up", "--data", data, "--card", "GUEST-1", "--amount", "1")
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def test_commands_of_several_people_wait_for_each_other(tmp_path):
    run_kpos("init", "--data", tmp_path, "--demo")
    commands = [top_up(tmp_path) for _ in range(4)]
    told = [command.communicate() for command in commands]
    assert [error for _receipt, error in told] == [""] * 4
    assert len({receipt for receipt, _error in told}) == 4


def test_a_till_that_goes_away_with_the_question_is_not_asked_again(tmp_path):
    run_kpos("init", "--data", tmp_path, "--demo")
    folder = Folder(tmp_path)
    lock = Lock(folder)
    listener = bind(folder.control_socket)
    listener.settimeout(None)
    asked = []

    def take_and_die() -> None:
        while True:
            peer, _address = listener.accept()
            asked.append(peer.recv(65536))
            peer.close()

    threading.Thread(target=take_and_die, daemon=True).start()
    _receipt, error = (command := top_up(tmp_path)).communicate()
    lock.release()
    assert (command.returncode, len(asked)) == (1, 1)
    assert "gave no answer" in error
    assert "kpos journal" in error
