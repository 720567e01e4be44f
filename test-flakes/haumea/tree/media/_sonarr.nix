{ super, ... }: { of = super.jellyfin.name; }
