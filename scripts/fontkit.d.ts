// The package brings no types; this is what is used here.
declare module 'fontkit' {
  export interface Face {
    readonly unitsPerEm: number;
    glyphForCodePoint(code: number): { readonly id: number };
    readonly hmtx: { readonly metrics: { readonly length: number; get(index: number): { readonly advance: number } } };
    readonly characterSet: readonly number[];
  }
  export function create(bytes: Buffer): Face;
}
