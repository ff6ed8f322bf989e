/** `18,720` */
export const figure = (value: number): string => value.toLocaleString('en-US');
