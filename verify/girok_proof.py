"""Checks one proof (c2sp.org/tlog-proof) of Girok: an entry of the ledger, and footage in it where it names some.

Called by girok_verify.py; says "proved INDEX SIZE", the entry, the footage's leaf, or "bad FAULT 0 1". What is checked:
the entry, and by the entry's root the footage's leaf, lead to the root of a checkpoint that all named keys have signed.
"""
import re
from girok_verify import BODY, b64, parse, require, sha, signers, vkey

HASHES = rb'((?:[A-Za-z0-9+/=]{44}\n){0,63})'
EXTRA = re.compile(rb'log ([^\n]*)\n((?:witness [^\n]*\n)*)entry ([^\n]*)\n'
                   rb'(?:footage (0|[1-9]\d{0,8}) (\{[ -~]*\})\n' + HASHES + rb')?')
PROOF = re.compile(rb'c2sp\.org/tlog-proof@v1\nextra ([^\n]*)\nindex (0|[1-9]\d{0,14})\n' + HASHES + rb'\n(.+)', re.S)
HOUR = re.compile(rb',"event":"evidence\.hour","facts":\{"camera":"[a-z0-9-]+","day":"[\d-]{10}","hour":\d{1,2},'
                  rb'"leaves":([1-9]\d{0,8}),"part":\d+,"root":"([0-9a-f]{64})"\}(?:,"late":true)?,"seq":\d+,"v":1\}$')

def included(index, size, data, path):
    """The root that a leaf has as number INDEX of SIZE (RFC 9162 2.1.3.2); None where the path cannot be."""
    node, last = sha(b'\0', data), size - 1
    for other in path if index <= last else [b'']:
        if last <= 0: return None
        if index & 1 or index == last:
            node = sha(b'\1', other, node)
            while not index & 1 and index: index, last = index >> 1, last >> 1
        else: node = sha(b'\1', node, other)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None

def prove(file, wanted, kept, most=1024 * 1024):
    text = file.read(most + 1)
    m = PROOF.fullmatch(text) if len(text) <= most else None
    extra, note = m and EXTRA.fullmatch(b64(m[1])), m and parse(m[4])
    require(extra and note, 'format', 0)
    keys = [vkey(extra[1], 1)] + [vkey(line[8:], 4) for line in extra[2].splitlines()]
    path, way = ([b64(line) for line in (lines or b'').splitlines()] for lines in (m[3], extra[6]))
    require(all(keys) and all(len(node) == 32 for node in path + way), 'format', 0)
    require(not wanted or extra[1] == wanted, 'key', 0)
    body, index = extra[3], int(m[2])
    shape, hour = BODY.fullmatch(body), HOUR.search(body)
    require(shape, 'shape', 0)
    require(int(shape[2]) == index, 'seq', 0)
    require(included(index, note[2], body, path) == note[3], 'root', 0)
    if extra[5]:
        require(hour, 'leaf', 0)
        top = included(int(extra[4]), int(hour[1]), extra[5], way)
        require(top == bytes.fromhex(hour[2].decode()), 'leaf', 0)
    require(signers(note, keys, True) == set(keys), 'signature', 0)
    same = [one for one in kept if one[2] == note[2]]
    require(all(signers(one, keys, False) for one in same), 'signature', 0)
    require(all(one[3] == note[3] for one in same), 'forked', 0)
    return f'{index} {note[2]}\n{body.decode(errors="replace")}\n{(extra[5] or b"").decode()}'.rstrip()
