// Every test of the page, in one process and one browser.

import "./asking.js";
import "./companies.js";
import "./editing.js";
import "./catalog.js";
import "./comparing.js";
import "./history.js";
import "./credits.js";
import "./keyboard.js";
import "./looks.js";
import "./hostile.js";
import "./keeping.js";
