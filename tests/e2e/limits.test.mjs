// The companion's limits as they show in the page: what goes too far is refused by itself, and all else goes on.

import { publish } from './mosquitto_clients.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

for (const [name, filter] of [
  ['8,000 levels', 'a/'.repeat(8_000) + '#'],
  ['129 levels of a shared subscription', '$share/g/' + 'a/'.repeat(126) + 'a'],
]) {
  stage.scenario(`host: a filter of ${name} is refused, and the connection and the others go on`, async ({ open }) => {
    const broker = await stage.broker('host');
    const page = await open();
    await page.join(broker);
    await page.subscribe(filter, { wait: false });
    await page.subscribed(filter, 'refused');
    await page.subscribe('plain/#');
    await publish(broker, 'plain/a', 'x');
    await page.row('plain/a');
  });
}
