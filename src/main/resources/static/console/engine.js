import { liveFigures } from "./figures.js";

liveFigures(document.getElementById("figures"));
