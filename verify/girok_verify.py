#!/usr/bin/env python3
"""Checks Girok ledger bundles and proofs without Girok: python3 and openssl (3.0 or later), nothing else.

LOGKEY is the log's key as it was handed over (NAME+ID+KEY); a FILE is a checkpoint that somebody kept elsewhere
(printed, on a stick, at a witness): the ledger must still contain what it saw. Per bundle one line:
"sound ENTRIES", or "bad FAULT FROM TO": the first bad entry is among FROM ... TO-1, counted from 0. Exit 0 or 1.
What is checked: each entry is what its hash says, none is missing, added or moved, the Merkle tree (RFC 6962) has
the root that each signed checkpoint (c2sp.org/tlog-checkpoint) states, and all signatures are right. Proofs
(c2sp.org/tlog-proof) are left to girok_proof.py beside this file.
"""
import argparse, base64, hashlib, re, subprocess, sys, tempfile

TIME = rb'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z'
BODY = re.compile(rb'\{"actor":"[a-z]+:[a-z0-9._-]+","at":"' + TIME + rb'","committedAt":"(' + TIME
                  + rb')",[^\n]*,"seq":(0|[1-9]\d{0,14}),"v":1\}')
NAME = rb'([\x21-\x2a\x2c-\x7e]{1,200})'

class Bad(Exception): pass

def require(holds, code, start, end=None):
    if not holds: raise Bad(code, start, start + 1 if end is None else end)

def sha(*parts): return hashlib.sha256(b''.join(parts)).digest()

def b64(text):
    """Only what is written as base64 is written: one text for the same bytes."""
    try: raw = base64.b64decode(text, validate=True)
    except ValueError: return b''
    return raw if base64.b64encode(raw) == text else b''

def vkey(text, kind):
    m = re.fullmatch(NAME + rb'\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)', text)
    raw = b64(m[3]) if m else b''
    right = len(raw) == 33 and raw[0] == kind and sha(m[1], b'\n', raw)[:4].hex().encode() == m[2]
    return (m[1], bytes.fromhex(m[2].decode()), kind, raw[1:]) if right else None

def root(edge):
    total = edge[-1]
    for node in edge[-2::-1]: total = sha(b'\1', node, total)
    return total

def ed25519(public, message, signature):
    with tempfile.TemporaryDirectory() as d:
        for name, data in ('k', bytes.fromhex('302a300506032b6570032100') + public), ('m', message), ('s', signature):
            with open(f'{d}/{name}', 'wb') as f: f.write(data)
        return not subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', f'{d}/k',
                                   '-rawin', '-in', f'{d}/m', '-sigfile', f'{d}/s'], capture_output=True).returncode

def parse(note):
    """A checkpoint's text, origin, size, root and signatures; None for anything else."""
    split = note.rfind(b'\n\n') + 1
    m = re.fullmatch(rb'([\x20-\x7e]+)\n(0|[1-9]\d{0,14})\n([\x20-\x7e]+)\n', note[:split])
    lines = [re.fullmatch(rb'\xe2\x80\x94 ' + NAME + rb' ([A-Za-z0-9+/=]+)', s) for s in note[split + 1:-1].split(b'\n')]
    whole = m and all(lines) and note.endswith(b'\n') and len(b64(m[3])) == 32 and all(len(b64(s[2])) > 4 for s in lines)
    return (note[:split], m[1], int(m[2]), b64(m[3]), [(s[1], b64(s[2])) for s in lines]) if whole else None

def signers(note, keys, strict):
    """The keys that signed; none unless the log did and every signature of a known key is right."""
    by = set()
    for name, raw in note[4]:
        key = next((k for k in keys if k[:2] == (name, raw[:4])), None)
        if key is None and strict: return set()
        if key is None: continue
        text, signature = note[0], raw[4:]
        if key[2] == 4 and len(signature) == 72:  # a witness: c2sp.org/tlog-cosignature
            text = b'cosignature/v1\ntime %d\n' % int.from_bytes(signature[:8], 'big') + text
            signature = signature[8:]
        elif key[2] == 4: return set()
        if len(signature) != 64 or not ed25519(key[3], text, signature): return set()
        by.add(key)
    return by if keys[0] in by and note[1] == keys[0][0] else set()

def check(file, wanted, kept, most=1024 * 1024):
    size, edge, vouched, heard, begun, vouches, before = 0, [], 0, set(), False, False, b''
    def line():
        text = file.readline(most + 2)
        require(text.endswith(b'\n') and len(text) <= most + 1, 'format', size)
        return text[:-1]
    require(line() == b'girok-ledger-bundle/1', 'format', 0)
    text = line()
    keys = [vkey(text[4:], 1) if text.startswith(b'log ') else None]
    require(keys[0], 'format', 0)
    require(not wanted or text[4:] == wanted, 'key', 0)
    kept = sorted((k for k in kept if k[2] > 0), key=lambda k: k[2])
    while (text := line()) != b'end' or not vouches:
        m = re.fullmatch(rb'checkpoint ([1-9]|[1-5]\d|6[0-4])', text)
        if text.startswith(b'entry '):
            begun, vouches, node, rest, body = True, False, b64(text[6:50]), size, text[51:]
            require(len(node) == 32 and text[50:51] == b' ', 'format', size)
            require(sha(b'\0', body) == node, 'leaf', size)
            shape = BODY.fullmatch(body)
            require(shape, 'shape', size)
            require(int(shape[2]) == size, 'seq', size)
            require(shape[1] >= before, 'time', size)
            while rest & 1: node, rest = sha(b'\1', edge.pop(), node), rest >> 1
            edge, size, before = edge + [node], size + 1, shape[1]
            while kept and kept[0][2] == size:
                require(signers(kept[0], keys, False), 'signature', vouched, size)
                require(kept.pop(0)[3] == root(edge), 'forked', vouched, size)
                vouched = size
        elif m:
            note = parse(b''.join([line() + b'\n' for _ in range(int(m[1]))]))
            begun, vouches = True, True
            require(note and 0 < note[2] == size, 'format', size)
            require(note[3] == root(edge), 'root', vouched, size)
            by = signers(note, keys, True)
            require(by, 'signature', vouched, size)
            heard, vouched = heard | by, size
        else:
            keys.append(vkey(text[8:], 4) if text.startswith(b'witness ') and not begun else None)
            require(keys[-1], 'format', size)
    require(not file.read(1), 'format', size)
    require(not kept or signers(kept[0], keys, False), 'signature', 0, size)
    require(not kept, 'cut_off', size, kept and kept[0][2])
    require(heard.issuperset(keys), 'format', size)
    return size

def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument('--key', metavar='LOGKEY', default='')
    ask.add_argument('--checkpoint', metavar='FILE', action='append', default=[])
    ask.add_argument('file', nargs='+')
    asked, code = ask.parse_args(), 0
    kept = [parse(open(path, 'rb').read()) or sys.exit(f'{path} is no checkpoint') for path in asked.checkpoint]
    for path in asked.file:
        with open(path, 'rb') as file:
            try:
                if file.peek(8).startswith(b'c2sp.org'):
                    sys.dont_write_bytecode = True
                    from girok_proof import prove
                    print('proved', prove(file, asked.key.encode(), kept))
                else: print('sound', check(file, asked.key.encode(), kept))
            except Bad as bad: code = print('bad', *bad.args) or 1
    return code

if __name__ == '__main__':
    sys.modules['girok_verify'] = sys.modules['__main__']  # so that girok_proof finds this one
    sys.exit(main())
