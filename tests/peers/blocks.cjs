// Block Kit as HTML, by slack-blocks-to-jsx.
// stdin: a list of [blocks, theme] as JSON; stdout: a list of HTML. Run in var/peers.
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const need = createRequire(`${process.cwd()}/`);
const { Message } = need("slack-blocks-to-jsx");
const { createElement } = need("react");
const { renderToStaticMarkup } = need("react-dom/server");

const html = ([blocks, theme]) =>
  renderToStaticMarkup(createElement(Message, { blocks, theme, logo: "", name: "Policybot", withoutWrapper: true }));

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(html)));
