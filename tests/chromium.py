"""Chromium without a window, and what tests ask of a page in it."""

import json
import os
import shutil

import pytest


def start():
    """Start a browser that keeps its requests and its console on record; skip the test where there is none."""
    missing = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"{' and '.join(missing)} not found: apt-get install chromium chromium-driver")
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return Chrome(options=options, service=Service(shutil.which("chromedriver")))


def opened(browser, page, width, scheme="light"):
    """Open a page in a window of that width."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    for kind in ("browser", "performance"):
        browser.get_log(kind)  # forget what was before
    browser.get(page)


def asked_for(browser):
    """Return the addresses that the page that was opened last asked for, its own among them."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


FITS = "const d = document.documentElement; return d.scrollWidth <= d.clientWidth"
OUTSIDE = """
const box = node => node.getBoundingClientRect();
const width = document.documentElement.clientWidth;
const inBox = node => node.closest(".scroll") && node !== node.closest(".scroll");
const wide = [...document.querySelectorAll("body *")].filter(n => !inBox(n) && box(n).right > width + 1);
const cut = [...document.querySelectorAll("figure svg text")].filter(n => {
  const [text, all] = [box(n), box(n.ownerSVGElement)];
  return text.left < all.left - 1 || text.right > all.right + 1 || text.top < all.top - 1 || text.bottom > all.bottom + 1;
});
return [...wide, ...cut].map(n => n.tagName + ": " + n.textContent.slice(0, 60));
"""
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data]; };
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const laid = (under, [r, g, b, a]) => [r, g, b].map((v, i) => v * a / 255 + under[i] * (1 - a / 255));
const behind = node => {  // the colours from the node up to the page, laid on each other
  const layers = [];
  for (let n = node; n; n = n.parentElement) layers.push(rgba(getComputedStyle(n).backgroundColor));
  return layers.reverse().reduce(laid, [255, 255, 255]);
};
const poor = [];
for (const node of document.querySelectorAll("body *")) {
  const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  if (!own || ["title", "desc"].includes(node.tagName)) continue;
  const style = getComputedStyle(node), paper = behind(node);
  const ink = rgba(node.tagName === "text" ? style.fill : style.color);
  const words = light(laid(paper, [...ink.slice(0, 3), ink[3] * style.opacity]));
  const ratio = (Math.max(words, light(paper)) + .05) / (Math.min(words, light(paper)) + .05);
  if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.tagName} ${node.textContent.slice(0, 40)}`);
}
return poor;
"""
