/** Computed by another program. */
export const VECTORS = {
  S: 'cd905cb6e648fcb21c687601aee6581004121f544eb2f6ee8b7b5d6cd54da5be',
  C: '055a863117185fea57a5b06a004321620d47c5a9db991e597dca83741f55ab82',
};
