{ lib }: (derivation { name = "x"; system = "s"; }).drvPath
