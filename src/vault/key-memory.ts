/**
 * Memory for a key, zeroed. Outside of the JavaScript heap from the beginning: a short Buffer of `Buffer.alloc` lies
 * inside of it at first, and when it is handed to the crypto library it moves out and leaves a copy behind that nobody
 * can overwrite.
 */
export const keyMemory = (bytes: number): Buffer => Buffer.from(new ArrayBuffer(bytes));
