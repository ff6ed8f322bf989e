import type { operation as ko } from '../ko/operation.ts';

/** Words of `girok serve`, `status`, `coverage`, `forecast` and `vault …`. */
export const operation: typeof ko = {
  duration: (ms) => {
    const s = Math.round(ms / 1000);
    if (s < 60) return `${s} s`;
    if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
    return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  },
  forecast: {
    fits: (f) => `${f.days} days fit: about ${f.perDay} a day, room for ${f.fit} days.`,
    doesNotFit: (f) =>
      `${f.days} days will not fit: about ${f.perDay} a day, room for ${f.fit} days; ${f.missing} is missing. Nothing young is deleted, recording would stop: add disk or lower the cameras' bit rate.`,
    nothing: (_) => 'No camera is recorded, so there is nothing to forecast.',
    estimated: (f) => `${f.estimated} of ${f.streams} streams are estimated until they have been measured.`,
    column: { perDay: 'a day', held: 'held', free: 'free', reserve: 'reserve', fit: 'days that fit' },
    measuring: 'The recorder is still counting.',
  },
  status: {
    state: {
      connecting: 'connecting',
      recording: 'recording',
      waiting: 'will try again',
      stopped: 'stopped',
    },
    column: {
      camera: 'camera',
      name: 'name',
      stream: 'stream',
      state: 'state',
      fps: 'fps',
      rate: 'Mbit/s',
      durable: 'last durable',
      gap: 'gap now',
      gaps: 'gaps so far',
    },
    ago: (f) => `${f.duration} ago`,
    openGap: (f) => `${f.duration} (${f.cause})`,
    gapsEnded: (f) => `${f.count}, ${f.duration}`,
    summary: (f) =>
      `${f.site}: ${f.recording} of ${f.of} cameras are recording (since ${f.since}, ${f.duration})`,
    disk: (f) => `Disk: ${f.free} of ${f.total} free (reserve ${f.reserve})`,
    alarms: (f) => (f.count === 1 ? '1 alarm' : `${f.count} alarms`),
    noAlarms: 'No alarms.',
    since: (f) => `since ${f.time}`,
    ffmpeg: (f) => `Streams pulled by ffmpeg: ${f.streams}${f.why === undefined ? '' : ` (${f.why})`}`,
    lost: (f) =>
      `${f.stream}: ${f.missing} packets (${f.share}) did not arrive, ${f.damaged} pictures were kept damaged.`,
    recovering: 'Files and catalogue are still being compared.',
  },
  coverage: {
    title: (f) => `${f.day} (${f.from} to ${f.to})`,
    column: {
      camera: 'camera',
      stream: 'stream',
      share: 'recorded',
      recorded: 'recorded s',
      gap: 'gaps s',
      unknown: 'unknown s',
      causes: 'causes',
    },
    unknown: 'unexplained',
    beforeFirst: 'before the first recording',
    gap: (f) => `${f.from} to ${f.to}  ${f.duration}  ${f.cause}`,
    losses: (f) =>
      `${f.missing} packets missing, ${f.damaged} pictures damaged, in ${f.seconds} s (${f.causes})`,
    lossCause: { network: 'network', camera: 'left out by the camera', we_were_slow: 'server too slow' },
    notYet: (f) => `${f.day} has not begun yet.`,
    badDay: 'YYYY-MM-DD, today or yesterday',
    nothing: 'There is no such camera on that day.',
  },
  vault: {
    badLevel: 'presence, size or full',
    checking: (f) => `Checking: ${f.done} of ${f.of} camera-days, ${f.files} files`,
    sound: (f) =>
      `${f.files} files checked, all agree (${f.level}).${f.unfinished > 0 ? ` ${f.unfinished} that are being written were passed over.` : ''}`,
    found: (f) => `${f.files} files checked: ${f.findings} ${f.findings === 1 ? 'finding' : 'findings'}.`,
    finding: {
      missing: 'is registered but not there; find out whether the disk lost it.',
      unknown: 'is not registered; stop the recorder and run `girok vault reindex`.',
      strange: 'is not the name of a footage file; find out who put it there.',
      size: 'has another size than registered; check the disk.',
      hash: 'holds something other than registered: it was replaced, or the disk is failing.',
      damaged: 'is damaged and does not authenticate; check the disk.',
      locked:
        "has no key for its hour; that is right for erased footage, otherwise check the keyring's second copy.",
      unreadable: 'cannot be read; check the disk and its permissions.',
    },
    reindexing: (f) => `Reading files into the catalogue: ${f.files}`,
    reindexed: (f) =>
      `${f.files} files were not in the catalogue; ${f.restored} restored.${f.unreadable > 0 ? ` ${f.unreadable} cannot be opened and stay where they are.` : ''}`,
    movedAside: (f) => `The previous catalogue was moved to "${f.path}".`,
  },
  serve: {
    drawing: (f) => `Drawing the simulated site's scenes (first start only): ${f.percent} %`,
    starting: 'Starting the recorder: looking at what was recorded before…',
    counting: (f) => `${f.recording} of ${f.of} cameras are recording…`,
    label: {
      recording: 'Recording',
      storage: 'Storage',
      forecast: 'Retention',
      web: 'Web page',
      metrics: 'Metrics',
      stop: 'Stop',
    },
    recording: (f) => `${f.recording} of ${f.of} cameras`,
    storage: (f) => `${f.folder} (${f.free} free)`,
    stop: 'Ctrl-C. From here on only changes are shown; more with: npm run -s girok -- status',
    simulated: 'The cameras are simulated (simulatedSite in cameras.yml).',
    lost: (f) =>
      `${f.camera} ${f.name}: recording broke off (${f.cause}). It is tried again without your doing.`,
    back: (f) => `${f.camera} ${f.name}: recording again.`,
    alarm: (f) => `Alarm: ${f.sentence}`,
    over: (f) => `Alarm over: ${f.sentence}`,
    process: {
      steward: 'The steward',
      recorder: 'The recorder',
      web: 'The web server',
      simulatedSite: 'The simulated site',
    },
    died: (f) => `${f.process} ended (${f.how}); it starts again in ${f.seconds} s.`,
    restarted: (f) => `${f.process} is running again.`,
    stopping: 'Stopping: sealing what is open…',
    stopped: 'Everything has stopped.',
  },
};
