// nghttp2 as the HTTP2 module sees it. Debian 12 ships 1.52: nothing newer may be called.
#pragma once
#include <nghttp2/nghttp2.h>
