/** Our ids as text: 16 characters of Crockford base 32. Apart from `ids.ts`, so that a browser can look at one. */
export const ID_PATTERN = /^[0-9a-hjkmnp-tv-z]{16}$/;
