/** Who may import whom (docs/design/house.md). test/unit/house.test.ts plants a forbidden import and must see it caught. */
const onlyIn = (module, folders) => ({
  name: `only-${folders[0].replace(/[^a-z]/g, '')}-imports-${module.replace(/[^a-z0-9]/gi, '')}`,
  severity: 'error',
  from: { path: '^src/', pathNot: folders.map((folder) => `^src/${folder}/`) },
  to: { path: `(^|/)node_modules/(@types/)?${module}/` },
});
const domains =
  'vault|ledger|catalogue|media|rtsp|rtp|cameras|recording|retention|access|viewing|live|stewardship|requests|redaction|notices|oversight';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle of types alone vanishes when it runs; one of values may meet itself half made.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'lib-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^src/', pathNot: '^src/lib/' },
    },
    {
      name: 'domains-know-no-edge',
      severity: 'error',
      from: { path: `^src/(${domains})/` },
      to: { path: '^src/(http|cli|main)/' },
    },
    {
      name: 'db-knows-no-domain',
      severity: 'error',
      from: { path: '^src/db/' },
      to: { path: `^src/(${domains})/` },
    },
    {
      name: 'ledger-and-vault-apart',
      severity: 'error',
      from: { path: '^src/ledger/' },
      to: { path: '^src/vault/' },
    },
    {
      name: 'vault-and-ledger-apart',
      severity: 'error',
      from: { path: '^src/vault/' },
      to: { path: '^src/ledger/' },
    },
    {
      name: 'rtsp-knows-nothing-but-lib',
      comment: 'What hostile cameras send is taken apart where nothing of value is in reach.',
      severity: 'error',
      from: { path: '^src/rtsp/' },
      to: { path: '^src/', pathNot: '^src/(rtsp|lib)/' },
    },
    {
      name: 'rtp-knows-media-and-lib',
      severity: 'error',
      from: { path: '^src/rtp/' },
      to: { path: '^src/', pathNot: '^src/(rtp|media|lib)/' },
    },
    {
      name: 'retention-knows-no-requests',
      severity: 'error',
      from: { path: '^src/retention/' },
      to: { path: '^src/requests/' },
    },
    {
      name: 'erasing-cannot-open-footage',
      severity: 'error',
      comment: 'Whatever the unattended purge may become, no way leads from it to plaintext, however long.',
      from: { path: '^src/(main/purge\\.ts$|retention/)' },
      to: {
        path: '^src/vault/(chunked|segment-reader|salvage|walk-pieces|sealed-stream|segment-writer|vault|check|reindex)\\.ts$',
        reachable: true,
      },
    },
    {
      name: 'web-cannot-erase',
      severity: 'error',
      comment:
        'Whoever takes over the web server may look at what erasing says of itself, and has no way to erase.',
      from: { path: '^src/(main/web(\\.ts$|/)|http/)' },
      to: {
        path: '^src/(vault/(erase-keys|wrap-anew|secret-places|erase-files|erase-locker)|retention/(purge|remove|recover)|catalogue/erase-day|db/catalogue/erase-rows)\\.ts$',
        reachable: true,
      },
    },
    {
      name: 'live-pictures-pass-the-gate',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(live|viewing|main)/' },
      to: {
        path: '^src/live/(wall|live-feed|live-source|recorder-live|relay-process|relay-server|relay-sign)\\.ts$',
      },
    },
    {
      name: 'footage-opens-at-the-gate',
      comment:
        'For people footage opens in viewing alone; the others named here keep the vault and show nobody anything.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(vault|viewing|stewardship)/|^src/(recording/(recovery|reconciliation)|cli/vault-check)\\.ts$',
      },
      to: { path: '^src/(vault/(chunked|segment-reader|walk-pieces|salvage|locker)|viewing/footage)\\.ts$' },
    },
    {
      name: 'unseen-looks-show-nothing',
      comment: 'What is made of footage that nobody opened is a number, and one place says which.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main/web/footage\\.ts$' },
      to: { path: '^src/viewing/unseen-look\\.ts$' },
    },
    {
      name: 'web-imports-contract-and-words-only',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/(contract|i18n)/' },
    },
    {
      name: 'product-does-not-need-the-demo',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/main/' },
      to: { path: '^demo/' },
    },
    onlyIn('fastify', ['http']),
    onlyIn('@fastify', ['http']),
    onlyIn('better-sqlite3', ['db']),
    onlyIn('fluent-ffmpeg', ['media']),
    onlyIn('onvif', ['cameras']),
    onlyIn('@node-rs/argon2', ['access']),
    onlyIn('otpauth', ['access']),
    onlyIn('@simplewebauthn/server', ['access']),
    onlyIn('node-media-server', ['live']),
    {
      name: 'only-mail-imports-nodemailer',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/stewardship/mail\\.ts$' },
      to: { path: '(^|/)node_modules/(@types/)?nodemailer/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { path: '^(src|demo|test|bench|web)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
