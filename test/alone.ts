/**
 * Files that run one at a time, after all others, and why: what is measured in them would be worse, or mean nothing,
 * while another file uses the same two cores. Every other file may have a neighbour, and has to bear it: no fixed
 * port, no fixed temporary folder, no look at processes that it did not start.
 */
export const ALONE: readonly string[] = [
  // Seconds that a camera, a recorder, an entry or an erasure may take.
  'test/faults/cameras.test.ts',
  'test/faults/databases-and-disks.test.ts',
  'test/faults/ledger/recorder-entries.test.ts',
  'test/faults/recorder-killed.test.ts',
  'test/faults/viewing-killed.test.ts',
  'test/integration/recording/late-reader.test.ts',
  'test/integration/recording/settings.test.ts',
  'test/integration/retention/beside-recorder.test.ts',
  'test/integration/vault/erase-speed.test.ts',
  // How old a live picture may be; a browser that decodes thirteen.
  'test/integration/live/browser.test.ts',
  'test/integration/live/watching.test.ts',
  // Milliseconds: times of pictures, and how long something may hold up everything else.
  'test/faults/time.test.ts',
  'test/integration/catalogue/writer.test.ts',
  'test/integration/demo/streams.test.ts',
  'test/integration/http/real-server.test.ts',
  'test/integration/recording/equality.test.ts',
  'test/integration/recording/quirks.test.ts',
  'test/integration/rtsp/fuzzing.test.ts',
  // Datagrams, which nobody sends again: none may be missing but those that were left out.
  'test/integration/recording/udp-loss.test.ts',
  // Memory, raw disks and their power.
  'test/faults/disk-full-for-long.test.ts',
  'test/faults/power-cuts.test.ts',
  'test/faults/raw-disk.test.ts',
];
