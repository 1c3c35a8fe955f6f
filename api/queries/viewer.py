"""Who asks."""

import strawberry

from api.context import Info
from api.policies import ANYBODY
from api.types.fields import field
from api.types.viewer import Viewer


@strawberry.type
class ViewerQueries:
    """The query field about whoever asks."""

    @field(description="Who asks, as their token or API key says.", allow=ANYBODY)
    async def viewer(self, info: Info) -> Viewer:
        """The principal of the request."""
        return Viewer.from_domain(info.context.principal)
