/** The commands about the connection itself. */

import "./auth.ts";
import "./client/client.ts";
import "./echo.ts";
import "./hello.ts";
import "./ping.ts";
import "./quit.ts";
import "./reset.ts";
import "./select.ts";
