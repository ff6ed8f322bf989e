import type { Planes } from './planes.ts';
import { drawSprite, rasterSprite, type Sprite } from './sprite.ts';

/** Readable text in the picture's top left corner. */
export interface Caption {
  draw(out: Planes, text: string): void;
}

/** ASCII only: the one font that comes with ffmpeg's packages has no Hangul. */
export async function createCaption(characters: string, pictureHeight: number): Promise<Caption> {
  const height = Math.max(16, Math.round(pictureHeight / 22));
  const width = Math.round(height * 0.62);
  const glyphs = new Map<string, Sprite>();
  for (const character of new Set(characters)) {
    const safe = character.replace('&', '&amp;').replace('<', '&lt;');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 62 100"><text x="31" y="78" text-anchor="middle" font-family="DejaVu Sans Mono" font-weight="bold" font-size="88" fill="#fff" stroke="#101010" stroke-width="12" paint-order="stroke">${safe}</text></svg>`;
    glyphs.set(character, await rasterSprite(svg, width, height));
  }
  return {
    draw(out, text) {
      [...text].forEach((character, i) => {
        const glyph = glyphs.get(character);
        if (glyph)
          drawSprite(out, glyph, { left: width * 0.6 + i * width, top: height * 0.4, width, height });
      });
    },
  };
}
