/** Runs in a page and gives the texts whose colour is too near to what is behind them. */
export const poorContrast = `(() => {
  const channels = (colour) => ((/\\(([^)]+)\\)/.exec(colour) || [])[1] || "").split(/[ ,/]+/).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = new Set();
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || /^(SCRIPT|STYLE|OPTION)$/.test(element.tagName) || !element.checkVisibility()) continue;
    seen++;
    const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    // A result that is not a number is not a contrast either.
    if (!(ratio >= 4.5)) found.add(element.tagName + "." + element.className + " " + ratio + ": " + node.textContent.trim());
  }
  return seen < 50 ? ["only " + seen + " texts were seen"] : [...found];
})()`;
