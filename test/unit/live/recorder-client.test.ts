import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readRecorderStatus } from '../../../src/live/recorder-client.ts';
import { recorderStatus } from '../../support/sample-status.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function socketThat(answers: RequestListener): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'girok-socket-'));
  const path = join(folder, 'recorder.sock');
  const server: Server = createServer(answers);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  return path;
}

describe('asking the recorder', () => {
  it('gives its status', async () => {
    const path = await socketThat((request, response) => {
      response.statusCode = request.url === '/status' ? 200 : 404;
      response.end(JSON.stringify(recorderStatus({ pid: 99 })));
    });
    await expect(readRecorderStatus(path)).resolves.toMatchObject({ pid: 99, v: 1 });
  });

  it('says that it is not running when nobody listens', async () => {
    await expect(readRecorderStatus('/nowhere/recorder.sock')).rejects.toMatchObject({
      code: 'recorder_not_running',
      facts: { system: 'ENOENT' },
    });
  });

  it('does not wait for one that hangs', async () => {
    const path = await socketThat(() => undefined);
    await expect(readRecorderStatus(path, 50)).rejects.toMatchObject({ code: 'recorder_not_running' });
  });

  it('does not read an endless answer', async () => {
    const path = await socketThat((_request, response) => {
      const part = Buffer.alloc(1024 * 1024, 0x20);
      const more = () => response.write(part, (error) => error ?? more());
      more();
    });
    await expect(readRecorderStatus(path)).rejects.toMatchObject({ code: 'recorder_not_running' });
  });

  it.each(['not json', '{"v":2}', JSON.stringify({ ...recorderStatus(), v: 2 })])(
    'refuses what is no status of this version: %.20s',
    async (text) => {
      const path = await socketThat((_request, response) => void response.end(text));
      await expect(readRecorderStatus(path)).rejects.toMatchObject({ code: 'internal' });
    },
  );
});
