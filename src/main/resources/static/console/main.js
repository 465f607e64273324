import { playground } from "./playground.js";
import { tabs } from "./tabs.js";

const texts = document.getElementById("texts").dataset;

tabs(document.getElementById("languages"));
playground(document.getElementById("playground"), texts, document.getElementById("main").dataset.address);
