print("edge-bench")
