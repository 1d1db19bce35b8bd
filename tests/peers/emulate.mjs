// Emulate's Slack on loopback, with one subscriber to its events, which its command line cannot name.
// Arguments: a port, the subscriber's address, the seed as JSON. Run in var/peers.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [port, subscriber, seed] = process.argv.slice(2);
const dist = join(process.cwd(), "node_modules/emulate/dist");
const holds = (name) => readFileSync(join(dist, name), "utf8").includes("var slackPlugin =");
const chunk = readdirSync(dist).find((name) => /^dist-.*\.js$/.test(name) && holds(name));
const { slackPlugin } = await import(join(dist, chunk));
const { createEmulator } = await import(join(dist, "api.js"));

// The plugin is handed the list of subscribers when it registers, and nobody else is.
const register = slackPlugin.register;
slackPlugin.register = (app, store, webhooks, ...rest) => {
  webhooks.register({ url: subscriber, events: ["*"], active: true, owner: "slack" });
  return register.call(slackPlugin, app, store, webhooks, ...rest);
};
await createEmulator({ service: "slack", port: Number(port), seed: { slack: JSON.parse(seed) } });
