// The package brings no types; this is what the tests use.
declare module 'fontkit' {
  export interface Face {
    readonly unitsPerEm: number;
    glyphForCodePoint(code: number): { readonly id: number };
    readonly hmtx: { readonly metrics: { readonly length: number; get(index: number): { readonly advance: number } } };
    hasGlyphForCodePoint(code: number): boolean;
  }
  export function create(bytes: Buffer): Face;
}
