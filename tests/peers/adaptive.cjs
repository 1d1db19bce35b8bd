// What the library adaptivecards finds wrong with Adaptive Cards.
// stdin: a list of cards as JSON; stdout: for each card a list of sentences. Run in var/peers.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const AC = require(join(process.cwd(), "node_modules/adaptivecards/dist/adaptivecards.js"));

function complaints(made) {
  const parsing = new AC.SerializationContext(AC.Versions.v1_5);
  const card = new AC.AdaptiveCard();
  card.hostConfig = new AC.HostConfig({ actions: { maxActions: 6 } }); // as many as Teams shows
  card.parse(made, parsing);
  const parsed = [...Array(parsing.eventCount).keys()].map((place) => parsing.getEventAt(place));
  return [...parsed, ...card.validateProperties().validationEvents].map((event) => event.message);
}

const cards = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cards.map(complaints)));
