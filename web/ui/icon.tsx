/** Drawn for Girok, 24 × 24, in the colour of the text around. Always beside a word, or with one that is spoken. */
const PATHS = {
  today: 'M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5',
  live: 'M3.5 7h11v10h-11zM14.5 11l6-3v8l-6-3',
  review: 'M4 6h16M4 12h16M4 18h16M9 4v4M15 10v4M7 16v4',
  requests: 'M6 3.5h9l3.5 3.5v13.5H6zM14.5 3.5V7.5h4M9 12h6.5M9 15.5h6.5',
  mask: 'M4 5h16v14H4zM8.5 10.5h7v5h-7z',
  records: 'M5 4h14v16H5zM5 8.5h14M9.5 8.5V20M5 12.5h14M5 16.5h14',
  erasing: 'M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5',
  hold: 'M6.5 11h11v9h-11zM9 11V7.5a3 3 0 0 1 6 0V11',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3.5 19.5a5.5 5.5 0 0 1 11 0M16 10.5a2.7 2.7 0 1 0-1.5-5M17 14a5 5 0 0 1 3.8 5.5',
  cameras: 'M4 7.5 17 4l1.5 5.5-13 3.5zM8 12.5V19M5 19.5h6M18.5 6.5l2 .5-.5 2.5-1.5.3',
  alarm: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.3',
  account: 'M12 11.5a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4zM5 20a7 7 0 0 1 14 0',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M13 4.5h4v5h-4zM7 14.5h4v5H7z',
  documents: 'M5 4.5h6.5V20H5zM13.5 7.5H19V20h-5.5zM7.5 8h1.5M7.5 11h1.5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M12 6v.2M12 12v.2M12 18v.2',
  menu: 'M4 7h16M4 12h16M4 17h16',
  next: 'm9 5 7 7-7 7',
  back: 'm15 5-7 7 7 7',
  down: 'm6 9 6 6 6-6',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20',
  print: 'M7 8V4h10v4M6 17H4V8.5h16V17h-2M7 14h10v6H7z',
  download: 'M12 4v10.5M7.5 10.5 12 15l4.5-4.5M5 19.5h14',
  key: 'M8.5 16a4 4 0 1 1 3.8-5.2H21v3.5h-2.5v2.2H15v-2.2h-2.7A4 4 0 0 1 8.5 16zM8 12v.2',
  out: 'M10 4.5H5v15h5M14 8l4 4-4 4M18 12H9.5',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  seal: 'm12 3 2.4 1.8 3-.2.8 2.9 2.4 1.8-1 2.8 1 2.8-2.4 1.8-.8 2.9-3-.2L12 21l-2.4-1.6-3 .2-.8-2.9-2.4-1.8 1-2.8-1-2.8 2.4-1.8.8-2.9 3 .2zM8.8 12l2.2 2.3 4.2-4.5',
  play: 'M7.5 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4.5H15',
  add: 'M12 5v14M5 12h14',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5.5M12 7.5v.3',
} as const;
export type IconName = keyof typeof PATHS;

interface IconProps {
  readonly name: IconName;
  /** Alone, without a word beside it. */
  readonly spoken?: string;
  /** px */
  readonly size?: number;
}

export function Icon({ name, spoken, size = 20 }: IconProps) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: beside a word it is not spoken at all, and else it is labelled
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      {...(spoken === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': spoken })}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
