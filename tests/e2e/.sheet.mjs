import { launch } from './stage.mjs';
import { pathToFileURL } from 'node:url';
import { writeFileSync } from 'node:fs';
const [out, width, ...files] = process.argv.slice(2);
const b = await launch();
const p = await (await b.newContext({viewport:{width:Number(process.env.W??1900),height:400}})).newPage();
writeFileSync('/tmp/sheet/s.html', `<body style="margin:0;display:flex;flex-wrap:wrap;gap:6px;background:#888">${files.map(f=>`<img src="${pathToFileURL('/work/w/panes/target/pictures/'+f)}" style="width:${width}px">`).join('')}`);
await p.goto('file:///tmp/sheet/s.html'); await p.waitForTimeout(300);
await p.screenshot({path: out, fullPage: true}); await b.close();
