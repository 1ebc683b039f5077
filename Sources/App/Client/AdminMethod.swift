/// What is asked of a path of the admin API.
enum AdminMethod { case get, put, post, delete }
