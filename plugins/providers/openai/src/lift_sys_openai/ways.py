"""Which way calls go."""

from urllib.request import getproxies

from lift_sys.model_http import is_here

from .direct import Direct
from .exchange import Server, Way
from .failures import Failures


def way_to(server: Server, failures: Failures) -> Way:
    """Raises ProviderError where the environment names certificates that cannot be used.

    httpx2 takes more memory than all else here, so it is only imported for what it knows best:
    proxies, and whose certificates are believed on which system.
    """
    if not is_here(server.base_url) and getproxies():
        from .proxied import Proxied

        return Proxied(server, failures)
    if not server.secure:
        return Direct(server, failures)
    import httpx2

    try:
        return Direct(server, failures, httpx2.create_ssl_context())
    except OSError as error:
        raise failures.no_client(error) from None
