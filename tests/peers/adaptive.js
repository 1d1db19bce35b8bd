// In a browser that has adaptivecards and markdown-it: draws cards, reads them as a person could.
// Colours and sizes are our own, in the manner of Teams' light and dark themes.
const STYLES = {
  light: ["#ffffff", "#f5f5f5", "#242424", "#616161", "#5b5fc7", "#237b4b", "#8a5a00", "#b10e1c"],
  dark: ["#292929", "#1f1f1f", "#ffffff", "#adadad", "#a5a8f5", "#92c353", "#f8d22a", "#f9526b"],
};

function look(theme) {
  const [plain, shaded, text, faint, accent, good, warning, attention] = STYLES[theme];
  const ink = (colour, subtle = colour) => ({ default: colour, subtle });
  const inks = {
    default: ink(text, faint), dark: ink(text, faint), light: ink(faint), accent: ink(accent),
    good: ink(good), warning: ink(warning), attention: ink(attention),
  };
  const style = (backgroundColor) => ({ backgroundColor, foregroundColors: inks });
  const tinted = (colour) => style(`color-mix(in srgb, ${colour} 18%, ${plain})`);
  return new AdaptiveCards.HostConfig({
    fontFamily: "'Segoe UI', 'Liberation Sans', sans-serif",
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: faint },
    supportsInteractivity: true,
    actions: { maxActions: 6, buttonSpacing: 8, actionsOrientation: "vertical", actionAlignment: "stretch" },
    containerStyles: {
      default: style(plain), emphasis: style(shaded), accent: tinted(accent), good: tinted(good),
      warning: tinted(warning), attention: tinted(attention),
    },
  });
}

AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownit({ breaks: true }).render(text);
  result.didProcess = true;
};

function drawn(made, theme) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = look(theme);
  card.parse(made);
  const frame = document.createElement("div");
  frame.className = "card";
  frame.append(card.render());
  return frame;
}

function readable(element) {
  const typed = [...element.querySelectorAll("input, textarea")];
  return [element.innerText, ...typed.flatMap((field) => [field.value, field.placeholder])].join("\n");
}

// What can be read as it comes, and after everything that unfolds was unfolded.
function read(made) {
  const frame = drawn(made, "light");
  document.body.append(frame);
  const first = readable(frame);
  for (const button of frame.querySelectorAll("[aria-expanded=false], [aria-controls]")) button.click();
  const then = readable(frame);
  frame.remove();
  return `${first}\n${then}`;
}
