// Writes the files of a folder packed, beside the files: NAME.br and NAME.gz, for servers that send them as they are.
// What does not become smaller is left as it is.
//
//   node compress.mjs FOLDER

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const [folder] = process.argv.slice(2);
const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

// With the folders in it.
const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile() && !/\.(br|gz|png)$/.test(entry.name));
await Promise.all(
  files.map(async (entry) => {
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const packed = { br: brotli(bytes), gz: promisify(gzip)(bytes, { level: 9 }) };
    for (const [suffix, made] of Object.entries(packed)) {
      const smaller = await made;
      if (smaller.length < bytes.length) await writeFile(`${file}.${suffix}`, smaller);
    }
  }),
);
