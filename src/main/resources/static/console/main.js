import { copyButtons } from "./copy.js";
import { liveFigures } from "./figures.js";
import { playground } from "./playground.js";
import { tabs } from "./tabs.js";
import { themeToggle } from "./theme-toggle.js";

const texts = document.getElementById("texts").dataset;

themeToggle(document.getElementById("theme"));
tabs(document.getElementById("languages"));
copyButtons(document, texts);
liveFigures(document.getElementById("figures"));
playground(document.getElementById("playground"), texts, document.body.dataset.address);
