from lift_sys.ir import IR


def changed(ir: IR, **fields: object) -> IR:
    """`ir` with these top-level fields, validated."""
    return IR.model_validate({**ir.model_dump(), **fields})
