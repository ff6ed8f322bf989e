#!/usr/bin/env node
/**
 * Makes a fresh clone ready: Debian packages, npm packages, build. Runs on any Node >= 20, without
 * dependencies, before every npm command; when nothing is missing it only looks and takes milliseconds.
 *
 * usage: node scripts/setup.mjs start|test|quiet      (quiet: as start, but says nothing when all is well)
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const mode = process.argv[2] ?? 'start';
const inCi = process.env.CI === 'true';

/** Debian package -> how to see without starting anything that it is there. */
const RUN_PACKAGES = {
  ffmpeg: () => onPath('ffmpeg') && onPath('ffprobe'),
  'util-linux': () => onPath('prlimit'),
};
const TEST_PACKAGES = {
  'python3-gi': () => existsSync('/usr/lib/python3/dist-packages/gi'),
  'gir1.2-gst-rtsp-server-1.0': () => inLib('girepository-1.0/GstRtspServer-1.0.typelib'),
  'gstreamer1.0-plugins-base': () => inLib('gstreamer-1.0/libgstapp.so'),
  'gstreamer1.0-plugins-good': () => inLib('gstreamer-1.0/libgstrtp.so'),
  'gstreamer1.0-plugins-bad': () => inLib('gstreamer-1.0/libgstvideoparsersbad.so'),
  e2fsprogs: () => onPath('mkfs.ext4'),
  mount: () => onPath('mount') && onPath('losetup'),
  'python3-fusepy': () => existsSync('/usr/lib/python3/dist-packages/fusepy.py'),
  libfaketime: () => inLib('faketime/libfaketime.so.1'),
  chromium: () => onPath('chromium'),
};

debianPackages(RUN_PACKAGES, true);
if (mode === 'test') debianPackages(TEST_PACKAGES, inCi);
npmPackages();
build();

function debianPackages(wanted, required) {
  const missing = Object.keys(wanted).filter((name) => !wanted[name]());
  if (missing.length === 0) return;
  const command = `apt-get install -y ${missing.join(' ')}`;
  const prefix = process.getuid?.() === 0 ? [] : mayBecomeRoot() ? ['sudo'] : undefined;
  if (prefix && onPath('apt-get')) {
    say(`Installing Debian packages: ${missing.join(', ')} …`);
    const run = (...args) =>
      spawnSync([...prefix, 'apt-get', ...args][0], [...prefix, 'apt-get', ...args].slice(1), {
        stdio: ['inherit', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      }).status === 0;
    const install = () => run('install', '-y', '-qq', '--no-install-recommends', ...missing);
    if (install() || (run('update', '-qq') && install())) return;
  }
  const sentence = `Girok needs ${missing.join(', ')}; please run: sudo apt-get update && sudo ${command}`;
  if (required) fail(sentence);
  say(`${sentence} (the tests that need them are skipped until then)`);
}

function npmPackages() {
  if (nodeModulesMatchLock()) return;
  say('Installing npm packages as the lock file names them …');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (done.status !== 0)
    fail('npm ci failed; its message is above. Check the network and run the command again.');
}

/** npm writes node_modules/.package-lock.json last, so an interrupted install never matches. */
function nodeModulesMatchLock() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  try {
    const locked = read('package-lock.json');
    const installed = read('node_modules/.package-lock.json');
    const same = (path) =>
      installed[path] ? installed[path].version === locked[path].version : locked[path].optional === true;
    return (
      Object.keys(locked).every((path) => path === '' || same(path)) &&
      Object.keys(installed).every((path) => path in locked)
    );
  } catch {
    return false; // not installed yet, or half written: both mean "install"
  }
}

function build() {
  const fingerprint = sourcesFingerprint();
  const stamp = join(root, 'dist', '.stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  if (mode !== 'quiet') say('Building …');
  // A source that was removed must not live on in the build.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (done.status !== 0) fail('The build failed; the compiler names the lines above.');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const pages = spawnSync(
    process.execPath,
    [vite, 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  if (pages.status !== 0) fail('The pages could not be built; Vite names the lines above.');
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
}

/** Changes whenever a source file was added, removed or edited. */
function sourcesFingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  };
  for (const file of ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) add(join(root, file));
  for (const folder of ['src', 'demo', 'web'])
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort())
      if (/\.(ts|tsx|css|html|svg|txt|json)$/.test(name)) add(join(root, folder, name));
  return hash.digest('hex');
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder && existsSync(join(folder, program)));
}

/** Debian keeps libraries in /usr/lib/<architecture>/. */
function inLib(path) {
  return readdirSync('/usr/lib').some((folder) => existsSync(join('/usr/lib', folder, path)));
}

function mayBecomeRoot() {
  if (!onPath('sudo')) return false;
  // With a person at the terminal sudo may ask for the password; without one it must not.
  return process.stdin.isTTY || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
