#!/usr/bin/python3
"""A disk whose power can be cut: one file under FUSE that knows what has been flushed and what has not.

usage: disk.py MOUNTPOINT BYTES

MOUNTPOINT/disk is the disk. Writing "SEED PATH" into MOUNTPOINT/cut writes to PATH what a disk would have held had
the power failed at this moment: everything that was flushed, and of everything else some, in the order in which it
was written or in none, and sectors of it torn apart. The disk itself goes on.
"""
import errno
import random
import stat
import sys

import fusepy

SECTOR = 512


class PowerDisk(fusepy.Operations):
    def __init__(self, size):
        self.now = bytearray(size)
        self.flushed = bytearray(size)
        self.pending = []

    def getattr(self, path, fh=None):
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o700, "st_nlink": 2}
        if path == "/disk":
            return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": len(self.now)}
        if path == "/cut":
            return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": 0}
        raise fusepy.FuseOSError(errno.ENOENT)

    def readdir(self, path, fh):
        return [".", "..", "disk", "cut"]

    def open(self, path, flags):
        return 1 if path == "/disk" else 2

    def truncate(self, path, length, fh=None):
        if path == "/disk":
            raise fusepy.FuseOSError(errno.EPERM)

    def read(self, path, size, offset, fh):
        return bytes(self.now[offset:offset + size]) if path == "/disk" else b""

    def write(self, path, data, offset, fh):
        if path == "/cut":
            seed, image = data.decode().split(None, 1)
            self.cut(int(seed), image.strip())
        else:
            self.now[offset:offset + len(data)] = data
            self.pending.append((offset, data))
        return len(data)

    def fsync(self, path, datasync, fh):
        for offset, data in self.pending:
            self.flushed[offset:offset + len(data)] = data
        self.pending.clear()
        return 0

    def flush(self, path, fh):
        # Closing a file is no flush of a disk.
        return 0

    def cut(self, seed, image):
        chance = random.Random(seed)
        left = bytearray(self.flushed)
        way = chance.choice(["none", "first ones", "some", "torn", "all"])
        first = chance.randint(0, len(self.pending))
        for number, (offset, data) in enumerate(self.pending):
            if way == "none" or (way == "first ones" and number >= first):
                continue
            if way == "some" and chance.random() < 0.5:
                continue
            if way != "torn":
                left[offset:offset + len(data)] = data
                continue
            for at in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    left[offset + at:offset + at + SECTOR] = data[at:at + SECTOR]
        with open(image, "wb") as out:
            for at in range(0, len(left), 65536):
                piece = left[at:at + 65536]
                # Holes where nothing is: an image of a small disk is copied two hundred times.
                if piece.count(0) == len(piece):
                    out.seek(len(piece), 1)
                else:
                    out.write(piece)
            out.truncate(len(left))


if __name__ == "__main__":
    fusepy.FUSE(PowerDisk(int(sys.argv[2])), sys.argv[1], foreground=True, nothreads=True, big_writes=True,
                max_write=131072, allow_other=True)
