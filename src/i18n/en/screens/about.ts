import type { about as korean } from '../../ko/screens/about.ts';

/** The words of the page about the system. */
export const about: typeof korean = {
  lead: 'What this site publishes, the key that its ledger is verified with, and the licences of what was used.',
  version: ({ version }) => `Girok ${version}`,
  published: 'Published',
  cameras: 'Cameras',
  cameraCount: ({ count }) => String(count),
  retention: 'Kept for',
  days: ({ days }) => `${days} days; erased by itself at the midnight after that`,
  purposes: 'Installed for',
  officer: 'CCTV manager',
  contact: 'Contact',
  verify: 'Verifying the ledger',
  verifyText:
    'With this key anybody can verify a checkpoint and the proof of an entry, without this machine. Please keep it elsewhere, together with printed checkpoints.',
  origin: 'Name of the ledger, first line of each checkpoint',
  key: 'Public key',
  command: 'Command',
  checkpoint: 'Print a checkpoint',
  guides: 'Guides',
  guidesText: 'They are in docs/guide of the installation.',
  guideList: [
    ['security-staff.en.md', 'for security staff'],
    ['officer.en.md', 'for the CCTV manager'],
    ['install.md', 'installing'],
    ['operate.md', 'operating'],
    ['backup.md', 'backing up and restoring'],
    ['configuration.md', 'configuration'],
  ],
  licences: 'Licences',
  licencesText:
    'These pages use the typeface Pretendard (SIL Open Font License 1.1) and the open software below. The whole text of each licence:',
  showLicences: 'Show the texts',
  openLicences: 'Open as a text file',
};
