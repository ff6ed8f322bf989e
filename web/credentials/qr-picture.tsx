import { encode } from 'uqr';
import styles from './credentials.module.css';

/** Modules of white around (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code as one path, black on white in both themes: cameras look for that. */
export function QrPicture({ text, spoken }: { readonly text: string; readonly spoken: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg
      class={styles.qr}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={spoken}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
